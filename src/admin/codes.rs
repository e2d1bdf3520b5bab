//! A code shown by somebody who is signed in already: the step up before something that matters.

use super::{Admin, Event, Result};
use crate::account::AccountName;
use crate::auth::{Answer, Memo, Method, Prover, Reason, Verdict, decide_code, throttle_keys};
use crate::credential::Secret;
use crate::credential::session::{PresentedCode, read_code};
use crate::notice::NoticeKind;
use crate::record::{Claimable, Lookup, ThrottleKeys};
use crate::shared::claims::{Wrong, lost};
use crate::store::{Activity, Claim, Holder};

impl Admin<'_> {
    /// Verifies a TOTP or recovery code of an account, as it was typed, and uses it up: the rules, the counters and the
    /// claim are those of a sign-in from this Admin's address. Says what it was, or why it was refused; an error is only
    /// that nothing can be said.
    pub fn verify_code(
        &mut self,
        name: &AccountName,
        typed: &Secret,
        now: i64,
    ) -> Result<std::result::Result<Method, Reason>> {
        let code = read_code(typed.as_bytes());
        let throttle = throttle_keys(self.keys, name, self.remote);
        let recovery_code = match &code {
            PresentedCode::Recovery(code) => Some(code.index),
            PresentedCode::None | PresentedCode::Digits(_) | PresentedCode::Other => None,
        };
        let loaded = self.store.load(&Lookup { recovery_code, throttle: Some(&throttle), ..Lookup::account(name) })?;
        let Some(account) = &loaded.account else { return Ok(Err(Reason::UnknownAccount)) };
        if self.is_another(account) {
            return Ok(Err(Reason::AccountChanged));
        }
        let mut memo = Memo::new()?;
        let mut prover = Prover { keys: self.keys, memory: &mut self.memory, memo: &mut memo };
        let verdict = decide_code(&loaded, &code, &self.config.policy, &mut prover, now)?;
        if let Some(found) = verdict.fault {
            let [first, second] = code.guessed();
            let wrong = Wrong { throttle: &throttle, name: name.as_str(), guessed: [b"", first, second], found };
            wrong.count(self.store, self.keys, &self.config.policy.throttle, now)?;
        }
        let holder = Holder::Account { uid: account.uid, version: account.version };
        let answer = self.carry_out(&verdict, holder, &throttle, now)?;
        let mut activity = Activity {
            event: Event::CodeVerified.as_str().into(),
            method: verdict.method.as_str().into(),
            credential: verdict.credential.clone().unwrap_or_default(),
            ..Activity::default()
        };
        match answer {
            Err(reason) => {
                activity.event = "refused".into();
                activity.reason = reason.as_str().into();
            }
            Ok(Method::RecoveryCode) => {
                // Nice to know, and no more: the code is claimed.
                let summary = self.store.summary(name, now).ok().flatten();
                activity.codes_left = summary.map(|summary| summary.recovery_codes);
                self.tell(account.uid, NoticeKind::RecoveryCodeUsed, "", activity.codes_left, now);
            }
            Ok(_) => {}
        }
        self.note_activity(account.uid, activity, now);
        if verdict.fault.is_some() && self.config.policy.throttle.are_guesses(&loaded.counters, now) {
            self.tell(account.uid, NoticeKind::CodeGuessing, "", None, now);
        }
        Ok(answer)
    }

    /// Claims what a verdict asks for.
    fn carry_out(
        &mut self,
        verdict: &Verdict,
        holder: Holder<'_>,
        throttle: &ThrottleKeys,
        now: i64,
    ) -> Result<std::result::Result<Method, Reason>> {
        let what: Option<Claimable> = match &verdict.answer {
            Answer::Accept(acceptance) => acceptance.claim,
            Answer::Refuse(reason) => return Ok(Err(*reason)),
            // Nobody is asked about a code.
            Answer::AskStack(_) => return Ok(Err(Reason::NotAuthenticated)),
        };
        let claimed = self.store.claim(&Claim { holder, what, session: None, throttle, now })?;
        Ok(lost(claimed, what).map_or(Ok(verdict.method), Err))
    }
}
