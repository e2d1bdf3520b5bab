# Mail sign-in: the texts of the panel. One file a language, all with the same messages; English is the model.
# What stands in braces is put in: names, numbers, times. Words used throughout: two-factor sign-in, authenticator app,
# code, recovery code, app password, account password (the password of the mailbox), mail app.

## Around every page

product = Mail sign-in
skip = Skip to the content
nav-label = Sections
nav-overview = Overview
nav-two-factor = Two-factor
nav-app-passwords = App passwords
nav-password = Password
nav-activity = Activity
language = Language
support = Help
sign-out = Sign out
cancel = Cancel
copy = Copy
copied = Copied
copy-failed = Select and copy it by hand
print = Print
optional = optional
never = Never
wrong-prefix = Error:{" "}
wrong-title = Something needs your attention:
password-show = Show
password-hide = Hide
password-show-label = Show the password
password-hide-label = Hide the password

ago-now = just now
ago-minutes = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
ago-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}

must-enrol-from = Two-factor sign-in is required here from { $time } on. Turn it on before then.
must-enrol-link = Turn it on now
must-enrol-now = Two-factor sign-in is required here. Turn it on to go on; everything else opens afterwards.

## What was just done

notice-signed-out = You are signed out.
notice-two-factor-on = Two-factor sign-in is on.
notice-two-factor-off = Two-factor sign-in is off. Codes and recovery codes no longer count.
notice-enrolment-cancelled = Nothing was changed.
notice-authenticator-added = The authenticator was added. Its codes count from now on.
notice-authenticator-removed = The authenticator was removed. Its codes no longer count.
notice-recovery-codes-replaced = The new recovery codes count. The old ones no longer do.
notice-app-password-created = The app password is ready for use.
notice-app-password-revoked = The app password was revoked. It opens nothing any more.
notice-app-passwords-revoked = All app passwords were revoked. They open nothing any more.
notice-password-changed = The password was changed. Your app passwords stay valid.
notice-password-changed-and-revoked = The password was changed, and all app passwords were revoked.
notice-session-ended = That session was signed out.
notice-other-sessions-ended = All other sessions were signed out.

## Signing in

sign-in-title = Sign in
sign-in-lead = Two-factor sign-in and app passwords for your mailbox
sign-in-name = E-mail address
sign-in-password = Password
sign-in-code-hint = If two-factor sign-in is on: the code of your authenticator app, or a recovery code.
sign-in = Sign in
sign-in-not-app-password = Use the password of your mailbox. App passwords open mail apps only.
second-step-title = Second step
second-step-lead = The password is right. Confirm that it is you: { $name }
second-step-continue = Sign in
second-step-back = Sign in as somebody else
code = Code
code-hint = The { $digits } digits that your authenticator app shows now.
code-or-recovery-hint = The { $digits } digits that your authenticator app shows now, or a recovery code.
recovery-code = Recovery code
recovery-code-use = Use a recovery code
recovery-code-hint = With its dashes, such as ab2c-de3f-gh4j. Each code works once.
account-password = Password of your mailbox
prove-title = Confirm that it is you
prove-code-lead = Some minutes have passed since you last showed a code. Before this change, please show one again.
prove-password-lead = Some minutes have passed since you last typed your password. Before this change, please type it again.
prove-continue = Continue

problem-missing = Please fill in every field.
problem-sign-in = Name or password are wrong, or the code does not fit. Please check them and try again.
problem-wrong-password = The password is wrong. Please try again.
problem-code-shape = That is no code. Type the { $digits } digits that your authenticator app shows now.
problem-wrong-code = The code is wrong. Wait for the next one, and check that the clock of your phone sets itself.
problem-code-used = Each code works once. Wait for the next one.
problem-wrong-recovery-code = The recovery code is wrong. Type it with its dashes, and from your newest set.
problem-recovery-code-used = This recovery code was used before. Take another one.
problem-invitation-missing = Type the invitation. If you have none, ask your administrator for one.
problem-invitation-shape = That is no invitation. It has 16 letters and digits, in four groups.
problem-invitation-wrong = The invitation is wrong or no longer counts. Check it, and use the newest one; else ask your administrator for another.
problem-invitation-expired = This invitation has expired. Ask your administrator for a new one.
problem-app-password = App passwords open mail apps only. Sign in with the password of your mailbox.
problem-disabled = This account is disabled. Please ask your administrator.
problem-password-expired = Your password has expired. Change it where you usually do, then sign in here.
problem-throttled = Too many failed tries. Wait some minutes, then try again.
problem-changed = The account was changed at the same moment. Please try again.
problem-step-expired = The code did not come in time. Please sign in again.
problem-session-ended = Your session has ended: it was unused for too long, reached its time limit, or was ended from elsewhere. Please sign in again.
problem-busy = Many people are signing in just now. Please try again in a moment.
problem-unavailable = Passwords cannot be checked at the moment. Please try again later; if this lasts, tell your administrator.

## Overview

overview-title = Overview
overview-manage = Manage
overview-turn-on = Turn on two-factor sign-in
overview-authenticators = { $n ->
    [one] One authenticator makes your codes.
   *[other] { $n } authenticators make your codes.
}
overview-app-passwords = { $n ->
    [0] No mail app has an app password.
    [one] One app password is valid.
   *[other] { $n } app passwords are valid.
}
overview-last = Recent sign-ins
overview-all-activity = All activity and sessions

attention-title = Needs your attention
attention-more = { $n ->
    [one] One more: see all activity
   *[other] { $n } more: see all activity
}
finding-not-you = If it was not you, somebody knows your password: change it
finding-paused-codes = Too many wrong codes: none is taken until { $time }
finding-paused-passwords = Too many wrong passwords: from there none is looked at until { $time }
    .step = See what happened
finding-account-password-used = A mail app still uses the password of your mailbox, and is refused
    .step = Make an app password for it
finding-code-in-mail-app = A mail app was given password and code, and needs an app password instead
    .step = Make an app password for it
finding-revoked-app-password-used = A device still uses a revoked app password
    .step = If the device is still yours, make a new one for it
finding-expired-app-password-used = A device still uses an app password that has expired
    .step = Make a new one for it
finding-app-password-for-other-protocols = An app password is used for something that it is not for
    .step = Make one that is
finding-app-password-for-other-networks = An app password is used outside of its networks
    .step = Make one without that limit if the device moves
finding-wrong-app-password = A mail app has an app password that is none of yours
    .step = Compare its beginning with your app passwords
finding-app-password-outside-mail-apps = An app password was typed into webmail, which takes the password of your mailbox
    .step = See what happened
finding-code-missing = Webmail was given your password without a code
    .step = Type the code with it.
finding-wrong-code = Your password was right, and the code was wrong
    .step = Check that the clock of your phone sets itself.
finding-wrong-recovery-code = Your password was right, and the recovery code was wrong or had been used before
    .step = Make new recovery codes
finding-wrong-password = A wrong password came from an address that you have used before
    .step = If a device of yours has an old password, type the right one into it.
finding-guesses = { $n ->
    [one] Wrong passwords came from an address that never opened your mailbox: somebody is guessing, or a new device is set up wrong
   *[other] Wrong passwords came from { $n } addresses that never opened your mailbox: somebody is guessing
}
    .step = See what happened
finding-enrolment-pending = Two-factor sign-in is not on yet: it waits for the first code
    .step = Go on with it

## Two-factor sign-in

two-factor-title = Two-factor sign-in
two-factor-is-on = Two-factor sign-in is on
two-factor-is-off = Two-factor sign-in is off
two-factor-lead = With two-factor sign-in, a stolen password alone opens nothing: webmail and this page also ask for a code from your phone, and each mail app gets a password of its own.
two-factor-steps-title = How it works
two-factor-step-app = You need an authenticator app on your phone, such as Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator or 2FAS, or a password manager that makes codes.
two-factor-step-scan = You scan a QR code with it, and type the code that it shows.
two-factor-step-codes = You get ten recovery codes for the day when the phone is lost.
two-factor-step-apps = Mail apps that use the password of your mailbox stop working. You make an app password for each of them.
two-factor-begin = Turn on
invitation = Invitation
invitation-lead = Here you turn it on with an invitation: a code that your administrator gives you. It keeps somebody who has only your password from doing it in your place.
invitation-hint = 16 letters and digits, such as K7M2-9XQD-0011-ABCD. Capitals, spaces and dashes do not matter.
authenticators-title = Authenticators
authenticator-name = Name of the authenticator
authenticator-name-hint = So that you can tell it from others, such as “My phone”.
authenticator-proposed = Phone
authenticator-since = Added { $date }
authenticator-remove = Remove
authenticator-add = Add another authenticator
authenticator-add-lead = For example on a second phone, or in a password manager. The codes of each count.
authenticator-begin = Show the QR code
authenticator-remove-title = Remove this authenticator?
authenticator-remove-lead = The codes of { $name } stop working at once.
authenticator-remove-effect-others = Your other authenticators and your recovery codes stay as they are.
authenticator-remove-effect-app = Then delete the entry in the app, too: it is of no more use.
authenticator-remove-do = Remove
enrolment-waits = You have begun to add an authenticator.
enrolment-go-on = Go on
enrolment-again = An authenticator was begun and not finished. Begin again: you get a new QR code, and the old one does not count.
recovery-codes-title = Recovery codes
recovery-codes-left = { $n ->
    [0] No recovery code is left. Make new ones.
    [one] One recovery code is left.
   *[other] { $n } recovery codes are left.
}
recovery-codes-lead = Each opens your account once in place of a code of the app, when the phone is not at hand.
recovery-codes-new = Make new recovery codes
recovery-codes-new-lead = You get ten new codes. The old ones stop working at once, and webmail and other browsers are signed out.
recovery-codes-make = Make new codes
recovery-codes-shown-lead = Keep these codes where you find them without your phone: printed, or in a password manager. Each works once.
recovery-codes-once = They are not shown again. Put them away before you go on.
recovery-codes-save = Save as a file
recovery-codes-print = Each code works once. Type it with its dashes where the code is asked for.
recovery-codes-done = I have put them away
enrol-title-first = Turn on two-factor sign-in
enrol-title-further = Add an authenticator
enrol-lead = Two steps connect { $name } with your mailbox.
enrol-scan-title = 1. Scan the QR code
enrol-scan = Open the authenticator app, choose to add an account, and point the camera here.
enrol-qr-label = QR code for the authenticator app
enrol-open-app = You read this on the phone with the app? Open the app from here.
enrol-by-hand = Type the secret by hand
enrol-by-hand-lead = If the camera cannot be used, choose to enter a key in the app.
enrol-secret = Secret
enrol-form = Kind
enrol-form-is = Time-based, { $digits } digits, { $period } seconds, { $algorithm }
enrol-confirm-title = 2. Type the code
enrol-code-hint = The { $digits } digits that the app shows now for this entry.
enrol-confirm-first = Turn on
enrol-confirm-further = Add
two-factor-off-title = Turn off two-factor sign-in
two-factor-off-teaser = Then the password of your mailbox alone opens everything again.
two-factor-off-link = Turn off …
two-factor-off-lead = When two-factor sign-in is off:
two-factor-off-effect-password = The password of your mailbox alone opens webmail, this page and mail apps.
two-factor-off-effect-codes = Your authenticators and recovery codes stop working at once.
two-factor-off-effect-apps = App passwords stay valid. Webmail and other browsers are signed out.
two-factor-off-effect-again = To turn it on again you scan a new QR code; the old one never counts again.
two-factor-off-effect-invitation = You can turn it on again only with a new invitation from your administrator.
two-factor-off-do = Turn off
two-factor-off-keep = Keep it on

## App passwords

app-passwords-title = App passwords
app-passwords-lead = A mail app gets a password of its own. When a device is lost you revoke its password, and everything else goes on working.
app-passwords-lead-off = A mail app can have a password of its own. When a device is lost you revoke its password, and everything else goes on working. With two-factor sign-in every mail app needs one.
app-passwords-none = There is none yet.
app-passwords-ended = { $n ->
    [one] One that was revoked or has expired
   *[other] { $n } that were revoked or have expired
}
app-password-new = New app password
app-password-id = Begins with
app-password-for = May be used for
app-password-for-hint = For a usual mail app leave it as it is.
app-password-created = Made
app-password-used = Last used
app-password-from = Only from
app-password-revoked = Revoked
app-password-expires = Valid until
app-password-expired = Expired
app-password-name = Name
app-password-name-hint = The app and the device, such as “Thunderbird on my laptop”.
app-password-limits = Limits: validity and networks
app-password-expiry = Valid
app-password-networks = Only from these networks
app-password-networks-hint = Addresses or networks, separated by commas, such as 192.0.2.7, 2001:db8::/32. Leave it empty if the device moves.
app-password-make = Make app password
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = Reading mail (IMAP)
protocol-pop3-for = Fetching mail (POP3)
protocol-smtp-for = Sending mail (SMTP)
protocol-sieve-for = Filters (Sieve)
expires-never = until it is revoked
expires-30d = for 30 days
expires-90d = for 90 days
expires-1y = for a year
expires-date = up to and including a day:
expires-date-label = Last day
problem-name-empty = Give it a name, so that you can tell it from others.
problem-name-long = The name is too long. Use at most { $max } characters.
problem-name-unprintable = The name contains a character that cannot be shown. Use letters, digits, symbols and spaces.
problem-no-protocol = Choose at least one use, else it opens nothing.
problem-no-date = Choose the last day on which it should work.
problem-expiry-past = That day has passed. Choose a later one.
problem-network = “{ $network }” is no address or network. Write it like 192.0.2.7 or 192.0.2.0/24.
problem-too-many = You have { $most } app passwords, and no more are allowed. Revoke one that is not used any more.
new-app-password-title = New app password
new-app-password-lead = Make one for each app on each device.
created-title = Your new app password
created-lead = Type it into { $name } now, in place of the password of your mailbox.
created-secret = App password
created-once = It is shown only now. Nobody needs to remember it: for another device, make another one.
created-qr = Show it as a QR code
created-qr-lead = Read it with the camera of your phone, and copy it from there into the mail app.
created-qr-label = QR code of the app password
created-settings = Settings of the mail app
created-settings-lead = Many apps find these by themselves. If yours asks, these are right:
created-no-servers = Your administrator can tell you the names of the servers.
created-profile-title = iPhone, iPad and Mac
created-profile-lead = Open this file on the device: it sets up Apple’s Mail app with everything that it needs.
created-profile = Configuration profile
created-profile-warning = The app password is in the file. Delete it once it is installed.
created-profile-without = Profile without the app password
created-expires = It works up to and including { $date }.
created-done = Done
settings-user = User name
settings-password = Password
settings-password-is = the app password above
settings-imap = Incoming mail: IMAP
settings-pop3 = Incoming mail: POP3
settings-smtp = Outgoing mail: SMTP
settings-sieve = Filters: ManageSieve
settings-host = Server
settings-port = Port
settings-security = Encryption
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = Revoke
revoke-title = Revoke “{ $name }”?
revoke-lead = { $name } stops working at once: it can neither fetch nor send mail any more.
revoke-used = It was last used { $time }.
revoke-again = This cannot be undone. For the same app you can make a new app password at any time.
revoke-do = Revoke
revoke-keep = Keep
revoke-all-link = Revoke all
revoke-all-title = { $n ->
    [one] Revoke the app password?
   *[other] Revoke all { $n } app passwords?
}
revoke-all-lead = All mail apps on all your devices stop working at once, until you give each a new app password.
revoke-all-do = Revoke all

## Password

password-title = Password
password-lead = This is the password of your mailbox: for webmail and for this page.
password-elsewhere = The password of your mailbox is kept by another system and cannot be changed here. Change it where you change the password of your computer or organisation, or ask your administrator.
password-current = Password as it is now
password-new = New password
password-new-hint = { $min ->
    [one] At least { $min } character. Long is better than complicated.
   *[other] At least { $min } characters. Long is better than complicated.
}
password-again = New password, once more
password-effects-title = What happens
password-effect-sessions = Webmail and all other browsers are signed out.
password-effect-app-passwords = { $n ->
    [one] Your app password stays valid, unless you choose otherwise.
   *[other] Your { $n } app passwords stay valid, unless you choose otherwise.
}
password-revoke = Revoke all app passwords as well
password-revoke-hint = Do this if somebody else may know your password or had a device of yours.
password-change = Change password
problem-again = The two new passwords differ. Type the same one twice.
problem-too-short = { $min ->
    [one] The new password is too short. Use at least { $min } character.
   *[other] The new password is too short. Use at least { $min } characters.
}
problem-too-long = The new password is too long. Use at most { $max } bytes.
problem-control = The new password contains a control character. Use letters, digits, symbols and spaces.
problem-looks-like = The new password looks like an app password or a recovery code and would be taken for one. Choose another.
problem-is-name = The new password is the name of the account. Choose another.
problem-unchanged = The new password is the old one. Choose another.

## Activity and sessions

activity-title = Activity
activity-list = What happened
activity-none = Nothing yet.
activity-lead = If something here was not you: change your password, revoke app passwords that you do not know, and make new recovery codes.
activity-count = { $n ->
    [one] once since { $since }
   *[other] { $n } times since { $since }
}
activity-about = { $event } – { $app }
activity-by-administrator = by an administrator
activity-unknown = Other event: { $name }
app-password-by-name = “{ $name }”, { $id }
app-password-by-id = app password { $id }
sessions-title = Signed in
sessions-lead = Mail apps are not among these: each has an app password.
sessions-end-others-lead = Signs out webmail and all other browsers. Mail apps go on working.
sessions-end-others = Sign out everywhere else
session-this = This browser
session-panel = This page: account settings
session-webmail = Webmail
session-unknown-browser = Unknown browser
session-opened = Signed in { $time }
session-used = Last used { $time }
method-password = with the password
method-totp = with password and code
method-recovery-code = with password and recovery code
accepted-app-password = Mail app signed in – { $app }
accepted-app-password-unnamed = Mail app signed in with an app password
accepted-client = Mail app signed in with the password of the mailbox
accepted-session = Webmail in use
accepted-webmail = Signed in to webmail
accepted-webmail-recovery-code = Signed in to webmail with a recovery code
accepted-panel = Signed in to this page
signed-out-webmail = Signed out of webmail
signed-out-panel = Signed out of this page

event-account-created = Account created
event-account-disabled = Account disabled
event-account-enabled = Account enabled
event-account-renamed = Account renamed
event-app-password-created = App password made
event-app-password-revoked = App password revoked
event-authenticator-added = Authenticator added
event-authenticator-removed = Authenticator removed
event-code-verified = Code shown again before a change
event-enrolment-begun = QR code for an authenticator shown
event-invitation-created = Invited to turn on two-factor sign-in
event-invitation-refused = Refused: the invitation was wrong or has expired
event-invitation-revoked = Invitation revoked
event-password-changed = Password changed
event-recovery-codes-replaced = New recovery codes made
event-requirement-cleared = No longer an own rule about two-factor sign-in
event-session-closed = Signed out
event-session-revoked = Session signed out from elsewhere
event-two-factor-exempted = Two-factor sign-in not required
event-two-factor-off = Two-factor sign-in turned off
event-two-factor-on = Two-factor sign-in turned on
event-two-factor-required = Two-factor sign-in required
event-two-factor-reset = Two-factor sign-in reset after a loss

reason-account-changed = Refused: the account was changed at the same moment
    .step = Sign in again.
reason-account-disabled = Refused: the account is disabled
    .step = Ask your administrator.
reason-app-password-expired = Refused: the app password has expired
    .step = Make a new one for this app.
reason-app-password-not-allowed-here = Refused: an app password was typed where only the password of the mailbox counts
    .step = Use app passwords in mail apps only.
reason-app-password-required = Refused: a mail app used the password of the mailbox
    .step = Make an app password and type it into that app.
reason-app-password-revoked = Refused: a revoked app password is still in use
    .step = Make a new one if the device is still yours. If it is lost, nothing is to be done: it stays out.
reason-code-required = Password right, code not shown
    .step = Every sign-in to this page begins like this. If it was not you, somebody knows your password: change it.
reason-code-used = Refused: the code had been used before
    .step = Wait for the next code.
reason-credential-too-long = Refused: the password was longer than any can be
reason-empty-credential = Refused: no password was sent
    .step = Type the password into the app again.
reason-enrolment-required = Refused: two-factor sign-in must be turned on first
    .step = Turn it on here.
reason-invalid-name = Refused: the user name is not spelled like an account’s
    .step = Check it for spaces and the domain.
reason-network-not-allowed = Refused: the app password is limited to other networks
    .step = Make one without that limit if the device moves.
reason-not-authenticated = Refused: the sign-in was not completed
    .step = If this repeats, tell your administrator.
reason-password-refused = The new password was not taken
    .step = Choose a longer one.
reason-protocol-not-allowed = Refused: the app password is limited to other uses
    .step = Make one that may be used for this.
reason-protocol-unknown = Refused: the server did not say what it was for
    .step = Tell your administrator.
reason-recovery-code-used = Refused: the recovery code had been used before
    .step = Take another one of your set.
reason-session-ended = Refused: the webmail session was ended
    .step = Sign in to webmail again.
reason-session-expired = Refused: the webmail session has expired
    .step = Sign in to webmail again.
reason-session-malformed = Refused: the webmail sent something that is no session
    .step = If this repeats, tell your administrator.
reason-session-not-allowed-here = Refused: webmail sessions open nothing here
    .step = If this repeats, tell your administrator.
reason-session-reused = Refused: the webmail session had been used before
    .step = Sign in to webmail again.
reason-session-unconfirmed = Refused: the sign-in to webmail was not completed
    .step = Sign in to webmail again.
reason-session-unknown = Refused: the webmail session is unknown
    .step = Sign in to webmail again.
reason-throttled = Refused: too many failed tries
    .step = Wait some minutes. If it was not you, somebody is guessing: a long password and two-factor sign-in keep them out.
reason-unknown-account = Refused: no such account
reason-wrong-app-password = Refused: wrong app password
    .step = Make a new one for this app.
reason-wrong-code = Refused: password right, code wrong
    .step = If it was not you, somebody knows your password: change it.
reason-wrong-password = Refused: wrong password
    .step = If a device of yours still has an old password, type the new one into it.
reason-wrong-recovery-code = Refused: password right, recovery code wrong
    .step = If it was not you, somebody knows your password: change it.

## Pages that say one thing

message-home = To the overview
message-again = Try again
message-not-found-title = There is no such page
message-not-found = The address is wrong, or what it led to is gone.
message-form-expired-title = This form has expired
message-form-expired = Nothing was changed. Open the page again and repeat it. If this happens again, allow cookies for this page.
message-secret-gone-title = It is not shown any more
message-secret-gone = Secrets are shown once, for some minutes. If you did not put it away, make a new one and revoke the old one.
message-too-many-requests-title = Too many requests
message-too-many-requests = More pages were asked for from your network than anybody can read. Wait a minute, then try again.
message-out-of-service-title = Not in service at the moment
message-out-of-service = Your account cannot be reached just now. Nothing was changed. Please try again in some minutes; if this lasts, tell your administrator.
message-internal-title = Something went wrong
message-internal = The mistake is ours and has been logged. Look whether your last change was made before you repeat it.

## Notices by mail

notices-title = Notices
notices-lead = You are told by mail when something about the security of your mailbox changes: two-factor sign-in, app passwords, the password, recovery codes, a sign-in from a new place.
notices-on = Send me notices
notices-address = Another address
notices-address-hint = Outside of this mailbox, in case that you cannot read it one day. It gets every notice, too.
notices-language = They are written in the language that you have chosen for these pages.
notices-save = Save
notice-notices-saved = Your choice was saved.
problem-notices-address = That is no address for mail. Write it like name@example.org.
problem-notices-mailbox = That is the mailbox itself, which gets notices in any case. Name an address outside of it.
activity-notices = Notices by mail
