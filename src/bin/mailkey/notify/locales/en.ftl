# Letters of mailkey: what people are told by mail. One file a language, all with the same messages; English is the model.
# What stands in braces is put in. A letter is plain text; nothing in it may be secret.

app-password-created-subject = New app password
app-password-created = An app password was made for your mailbox: { $subject }.
authenticator-added-subject = Another authenticator
authenticator-added = An authenticator was added to your mailbox, whose codes count from now on: { $subject }.
code-guessing-subject = Somebody is guessing your codes
code-guessing = Somebody who knows the password of your mailbox is trying codes. Nobody got in that way.
enrolment-due-subject = Two-factor sign-in will be required
enrolment-due = From { $date } on, your mailbox can be used with two-factor sign-in only. It is not turned on yet; mail apps that use the password of your mailbox will stop working then.
new-network-subject = Sign-in from a new place
new-network = Somebody signed in to your mailbox from a network that has not been used for it before.
notices-changed-subject = Notices were changed
notices-changed = How you are told about your mailbox was changed: notices were turned off, or go to other addresses from now on. This is the last letter by the old settings.
password-changed-subject = The password was changed
password-changed = The password of your mailbox was changed.
recovery-code-used-subject = A recovery code was used
recovery-code-used = { $left ->
    [0] A recovery code was used to sign in to your mailbox. It was the last one: make new ones now.
    [one] A recovery code was used to sign in to your mailbox. One is left: make new ones soon.
   *[other] A recovery code was used to sign in to your mailbox. { $left } are left.
}
recovery-codes-replaced-subject = New recovery codes
recovery-codes-replaced = New recovery codes were made for your mailbox. The old ones no longer count.
two-factor-off-subject = Two-factor sign-in is off
two-factor-off = Two-factor sign-in was turned off for your mailbox. Its password alone opens it again.
two-factor-on-subject = Two-factor sign-in is on
two-factor-on = Two-factor sign-in was turned on for your mailbox. Mail apps need an app password from now on.

account = Mailbox: { $account }
when = When: { $time }
from = From: { $address }
via-command = By: your administrator
via-panel = Where: the self-service panel
via-webmail = Where: the webmail
next-enrol = Turn it on in the self-service panel before then, and make an app password for each mail app.
next-guessing = If it was not you: change the password of your mailbox now. Whoever tries codes knows it.
next-harmless = If that was you, there is nothing to do.
next-alarm = If it was not you: change the password of your mailbox now, sign out all other sessions, revoke the app passwords that you do not know, and tell your administrator.
panel = The self-service panel: { $url }
footer = This letter was sent because something about the security of your mailbox changed. Which letters you get, you choose in the self-service panel. Nobody will ever ask you for a password or a code by mail.
