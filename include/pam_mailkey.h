/*
 * pam_mailkey.h - what C code may rely on.
 *
 * The module is loaded by libpam; nothing links against it. It exports the six entry points of a PAM module and no
 * other symbol. A program that signs people in through it finds in the PAM environment (pam_getenv(3)), after
 * pam_authenticate(3) has returned PAM_SUCCESS, how that went; and in mode=panel, after a refusal, why. The variables
 * are set by mailkey for the program; they never hold a secret.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef PAM_MAILKEY_H
#define PAM_MAILKEY_H

#include <security/pam_modules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Exported symbols: pam_sm_authenticate(3) and so on. ---- */

int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv);
int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv);
int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv);
int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv);
int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv);
int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv);

/* ---- PAM environment, set when a sign-in was accepted. ---- */

/* The account's canonical name, such as "alice@example.org". PAM_USER is the same, or, with stack_user=local, the part
 * before the '@'. */
#define MAILKEY_ENV_ACCOUNT "MAILKEY_ACCOUNT"

/* How the person signed in: one of the MAILKEY_METHOD_ values. */
#define MAILKEY_ENV_METHOD "MAILKEY_METHOD"
#define MAILKEY_METHOD_PASSWORD "password"           /* the account's own password alone */
#define MAILKEY_METHOD_TOTP "totp"                   /* password and TOTP code (RFC 6238) */
#define MAILKEY_METHOD_RECOVERY_CODE "recovery_code" /* password and recovery code */
#define MAILKEY_METHOD_APP_PASSWORD "app_password"   /* an app password */
#define MAILKEY_METHOD_SESSION "session"             /* a webmail session: its credential, or opened and presented again */

/* The public id of the app password ("k7m2") or of the webmail session ("4k7m2x"), or the index of the recovery code
 * ("ab"); not set otherwise. */
#define MAILKEY_ENV_CREDENTIAL_ID "MAILKEY_CREDENTIAL_ID"

/* "1" where the person may turn 2FA on and do nothing else (mode=panel, and the site requires 2FA); not set otherwise. */
#define MAILKEY_ENV_ENROLMENT_ONLY "MAILKEY_ENROLMENT_ONLY"

/* ---- PAM environment, set in mode=panel when pam_authenticate(3) or pam_acct_mgmt(3) has refused. ---- */

/* Why: "code_required" where the password was right and no code came with it, "throttled", "wrong_password", and so on:
 * the reason= of the line in the log. Never set in the modes client and webmail, nor after an acceptance. It is for
 * the program, which must not show visitors whether a name has an account. */
#define MAILKEY_ENV_REASON "MAILKEY_REASON"

/* ---- PAM environment, set by the program before pam_authenticate(3), in mode=panel. ---- */

/* MAILKEY_PRESENTED_PASSWORD says that the password comes without a code, because the program asks for the code
 * afterwards: digits at the end of the password are then its own. Without it what is presented is a password with a code
 * behind it wherever it looks like one and 2FA is on. */
#define MAILKEY_ENV_PRESENTED "MAILKEY_PRESENTED"
#define MAILKEY_PRESENTED_PASSWORD "password"

/* ---- PAM data: pam_get_data(3) under this name tells a module whether mailkey has seen the transaction. What it
 * points to is mailkey's own. ---- */
#define MAILKEY_DATA "pam_mailkey.transaction"

#ifdef __cplusplus
}
#endif

#endif /* PAM_MAILKEY_H */
