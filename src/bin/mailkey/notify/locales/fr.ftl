app-password-created-subject = Nouveau mot de passe d’application
app-password-created = Un mot de passe d’application a été créé pour votre boîte aux lettres : { $subject }.
authenticator-added-subject = Un authentificateur de plus
authenticator-added = Un authentificateur a été ajouté à votre boîte aux lettres ; ses codes comptent dès maintenant : { $subject }.
code-guessing-subject = Quelqu’un essaie de deviner vos codes
code-guessing = Quelqu’un qui connaît le mot de passe de votre boîte aux lettres essaie des codes. Personne n’est entré de cette façon.
enrolment-due-subject = La connexion à deux facteurs va devenir obligatoire
enrolment-due = À partir du { $date }, votre boîte aux lettres ne pourra être utilisée qu’avec la connexion à deux facteurs. Elle n’est pas encore activée ; les applications de messagerie qui utilisent le mot de passe de la boîte cesseront alors de fonctionner.
new-network-subject = Connexion depuis un nouvel endroit
new-network = Quelqu’un s’est connecté à votre boîte aux lettres depuis un réseau qui n’avait pas encore servi à cela.
notices-changed-subject = Les avis ont été modifiés
notices-changed = La façon dont vous êtes averti au sujet de votre boîte aux lettres a été modifiée : les avis ont été désactivés, ou vont désormais à d’autres adresses. Ceci est la dernière lettre envoyée selon les anciens réglages.
password-changed-subject = Le mot de passe a été modifié
password-changed = Le mot de passe de votre boîte aux lettres a été modifié.
recovery-code-used-subject = Un code de récupération a été utilisé
recovery-code-used = { $left ->
    [0] Un code de récupération a été utilisé pour se connecter à votre boîte aux lettres. C’était le dernier : créez-en de nouveaux maintenant.
    [1] Un code de récupération a été utilisé pour se connecter à votre boîte aux lettres. Il en reste un : créez-en bientôt de nouveaux.
   *[other] Un code de récupération a été utilisé pour se connecter à votre boîte aux lettres. Il en reste { $left }.
}
recovery-codes-replaced-subject = Nouveaux codes de récupération
recovery-codes-replaced = De nouveaux codes de récupération ont été créés pour votre boîte aux lettres. Les anciens ne comptent plus.
two-factor-off-subject = La connexion à deux facteurs est désactivée
two-factor-off = La connexion à deux facteurs a été désactivée pour votre boîte aux lettres. Son mot de passe suffit de nouveau à l’ouvrir.
two-factor-on-subject = La connexion à deux facteurs est activée
two-factor-on = La connexion à deux facteurs a été activée pour votre boîte aux lettres. Les applications de messagerie ont désormais besoin d’un mot de passe d’application.

account = Boîte aux lettres : { $account }
when = Quand : { $time }
from = Depuis : { $address }
via-command = Par : votre administrateur
via-panel = Où : le panneau libre-service
via-webmail = Où : le webmail
next-enrol = Activez-la avant cette date dans le panneau libre-service, et créez un mot de passe d’application pour chaque application de messagerie.
next-guessing = Si ce n’était pas vous : changez maintenant le mot de passe de votre boîte aux lettres. Qui essaie des codes le connaît.
next-harmless = Si c’était vous, il n’y a rien à faire.
next-alarm = Si ce n’était pas vous : changez maintenant le mot de passe de votre boîte aux lettres, déconnectez toutes les autres sessions, révoquez les mots de passe d’application que vous ne connaissez pas, et prévenez votre administrateur.
panel = Le panneau libre-service : { $url }
footer = Vous recevez cette lettre parce que quelque chose a changé dans la sécurité de votre boîte aux lettres. Vous choisissez vos lettres dans le panneau libre-service. Personne ne vous demandera jamais un mot de passe ou un code par courrier.
