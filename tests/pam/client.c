/*
 * client.c - a PAM application for the tests: the real libpam, a scripted conversation.
 *
 * Like a Dovecot auth worker it lives through many transactions, so that what the module keeps between them is tested
 * too. Each line on standard input is one transaction; its answer is one line on standard output.
 *
 *   auth  SERVICE USER RHOST PASSWORD          pam_authenticate, then pam_acct_mgmt where that succeeded
 *   both  SERVICE USER RHOST PASSWORD          pam_acct_mgmt in any case
 *   alone SERVICE USER RHOST PASSWORD          as auth, saying that no code comes with the password
 *   fork  SERVICE USER RHOST PASSWORD          as auth, in a child made by fork
 *   again SERVICE USER RHOST PASSWORD PASSWORD two pam_authenticate in one transaction, then pam_acct_mgmt
 *   change SERVICE USER RHOST OLD NEW          pam_chauthtok
 *   memory                                     VmRSS of this process in KiB
 *
 * USER, RHOST and passwords are hexadecimal; "-" is none. Answers:
 *
 *   auth=N acct=N|- user=HEX account=TEXT method=TEXT id=TEXT enrolment=TEXT reason=TEXT echo=N prompts=N message=HEX
 *
 * echo counts prompts with echo, which mail daemons do not survive. PAM files are read from the directory in argv[1]
 * (pam_start_confdir, Linux-PAM 1.4), so that /etc/pam.d is not touched.
 */
#include "pam_mailkey.h"

#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern int pam_start_confdir(const char *, const char *, const struct pam_conv *, const char *, pam_handle_t **);

struct script {
    const char *answers[2]; /* answer to each password prompt in turn; the last one is repeated */
    int next, prompts, echo;
    char message[512];
};

static char *copy_of(const char *text) { return text ? strdup(text) : NULL; }

static int converse(int count, const struct pam_message **messages, struct pam_response **responses, void *data) {
    struct script *script = data;
    struct pam_response *answers = calloc(count, sizeof *answers);
    for (int i = 0; i < count; i++) {
        switch (messages[i]->msg_style) {
        case PAM_PROMPT_ECHO_ON:
            script->echo++;
            answers[i].resp = copy_of("echo");
            break;
        case PAM_PROMPT_ECHO_OFF:
            script->prompts++;
            /* What happens while a person thinks about the new password. */
            if (script->next == 1 && getenv("MAILKEY_TEST_BETWEEN") && system(getenv("MAILKEY_TEST_BETWEEN")) != 0)
                fprintf(stderr, "client: MAILKEY_TEST_BETWEEN failed\n");
            answers[i].resp = copy_of(script->answers[script->next]);
            /* Mail daemons answer every prompt alike; pam_chauthtok asks for the old password, then twice for the new. */
            if (script->next == 0 && script->answers[1]) script->next = 1;
            break;
        default:
            snprintf(script->message, sizeof script->message, "%s", messages[i]->msg);
        }
    }
    *responses = answers;
    return PAM_SUCCESS;
}

static char *unhex(const char *hex) {
    if (!hex || strcmp(hex, "-") == 0) return NULL;
    size_t n = strlen(hex) / 2;
    char *text = malloc(n + 1);
    for (size_t i = 0; i < n; i++) sscanf(hex + 2 * i, "%2hhx", (unsigned char *)text + i);
    text[n] = 0;
    return text;
}

static void print_hex(const char *name, const char *text) {
    printf(" %s=", name);
    for (; text && *text; text++) printf("%02x", (unsigned char)*text);
}

static void print_env(pam_handle_t *pamh, const char *key, const char *name) {
    const char *value = pam_getenv(pamh, name);
    printf(" %s=%s", key, value ? value : "-");
}

/* pam_unix asks libpam for two seconds of delay after each wrong password: not here. */
static void no_delay(int status, unsigned delay, void *data) { (void)status; (void)delay; (void)data; }

static void transaction(const char *directory, const char *verb, char **words) {
    struct script script = {{unhex(words[3]), NULL}, 0, 0, 0, ""};
    char *user = unhex(words[1]), *rhost = unhex(words[2]), *second = unhex(words[4]);
    struct pam_conv conv = {converse, &script};
    pam_handle_t *pamh = NULL;
    int auth, acct = -1;
    if (pam_start_confdir(words[0], user, &conv, directory, &pamh) != PAM_SUCCESS) {
        printf("auth=-1 acct=- error=pam_start\n");
        return;
    }
    pam_set_item(pamh, PAM_FAIL_DELAY, (const void *)no_delay);
    if (rhost) pam_set_item(pamh, PAM_RHOST, rhost);
    /* As Dovecot, which sets it to its own name. */
    if (getenv("MAILKEY_TEST_TTY")) pam_set_item(pamh, PAM_TTY, getenv("MAILKEY_TEST_TTY"));
    if (strcmp(verb, "alone") == 0) pam_putenv(pamh, MAILKEY_ENV_PRESENTED "=" MAILKEY_PRESENTED_PASSWORD);
    if (strcmp(verb, "change") == 0) {
        script.answers[1] = second;
        auth = pam_chauthtok(pamh, 0);
    } else {
        auth = pam_authenticate(pamh, PAM_SILENT);
        if (strcmp(verb, "again") == 0) {
            pam_set_item(pamh, PAM_AUTHTOK, NULL);
            script.answers[0] = second;
            auth = pam_authenticate(pamh, PAM_SILENT);
        }
        if (auth == PAM_SUCCESS || strcmp(verb, "both") == 0) acct = pam_acct_mgmt(pamh, PAM_SILENT);
    }
    const void *name = NULL;
    pam_get_item(pamh, PAM_USER, &name);
    printf("auth=%d", auth);
    if (acct < 0) printf(" acct=-"); else printf(" acct=%d", acct);
    print_hex("user", name);
    print_env(pamh, "account", MAILKEY_ENV_ACCOUNT);
    print_env(pamh, "method", MAILKEY_ENV_METHOD);
    print_env(pamh, "id", MAILKEY_ENV_CREDENTIAL_ID);
    print_env(pamh, "enrolment", MAILKEY_ENV_ENROLMENT_ONLY);
    print_env(pamh, "reason", MAILKEY_ENV_REASON);
    printf(" echo=%d prompts=%d", script.echo, script.prompts);
    print_hex("message", script.message);
    pam_end(pamh, acct > 0 ? acct : auth);
    /* After pam_end, whose cleanup may write to the log: the answer says that all of it is done. */
    printf("\n");
    free(user); free(rhost); free(second); free((char *)script.answers[0] == second ? NULL : (char *)script.answers[0]);
}

static void memory(void) {
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmRSS:", 6) == 0) printf("memory=%ld\n", atol(line + 6));
    if (status) fclose(status);
}

int main(int argc, char **argv) {
    static char line[65536];
    if (argc != 2) return 2;
    while (fgets(line, sizeof line, stdin)) {
        char *words[8] = {0};
        int n = 0;
        for (char *word = strtok(line, " \n"); word && n < 8; word = strtok(NULL, " \n")) words[n++] = word;
        if (n == 1 && strcmp(words[0], "memory") == 0) {
            memory();
        } else if (n >= 5) {
            if (strcmp(words[0], "fork") == 0) {
                fflush(stdout);
                pid_t child = fork();
                if (child == 0) {
                    transaction(argv[1], "auth", words + 1);
                    fflush(stdout);
                    exit(0); /* not _exit: what the module left behind must survive a child's ordinary end */
                }
                waitpid(child, NULL, 0);
            } else {
                transaction(argv[1], words[0], words + 1);
            }
        } else {
            printf("error=usage\n");
        }
        fflush(stdout);
    }
    return 0;
}
