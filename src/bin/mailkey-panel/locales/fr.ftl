# Connexion à la messagerie : les textes du panneau. Les mêmes messages que en.ftl, le modèle.

## Around every page

product = Connexion à la messagerie
skip = Aller au contenu
nav-label = Rubriques
nav-overview = Aperçu
nav-two-factor = Deux facteurs
nav-app-passwords = Mots de passe d’app
nav-password = Mot de passe
nav-activity = Activité
language = Langue
support = Aide
sign-out = Se déconnecter
cancel = Annuler
copy = Copier
copied = Copié
copy-failed = Copiez-le à la main
print = Imprimer
optional = facultatif
never = Jamais
wrong-prefix = Erreur :{" "}
wrong-title = Un point demande votre attention :
password-show = Afficher
password-hide = Masquer
password-show-label = Afficher le mot de passe
password-hide-label = Masquer le mot de passe

ago-now = à l’instant
ago-minutes = { $n ->
    [one] il y a { $n } minute
   *[other] il y a { $n } minutes
}
ago-hours = { $n ->
    [one] il y a { $n } heure
   *[other] il y a { $n } heures
}

must-enrol-from = La connexion à deux facteurs est obligatoire ici à partir du { $time }. Activez-la avant cette date.
must-enrol-link = L’activer maintenant
must-enrol-now = La connexion à deux facteurs est obligatoire ici. Activez-la pour continuer ; tout le reste s’ouvrira ensuite.

## What was just done

notice-signed-out = Vous êtes déconnecté.
notice-two-factor-on = La connexion à deux facteurs est activée.
notice-two-factor-off = La connexion à deux facteurs est désactivée. Les codes et les codes de secours ne sont plus valables.
notice-enrolment-cancelled = Rien n’a été modifié.
notice-authenticator-added = L’authentificateur a été ajouté. Ses codes sont valables dès maintenant.
notice-authenticator-removed = L’authentificateur a été supprimé. Ses codes ne sont plus valables.
notice-recovery-codes-replaced = Les nouveaux codes de secours sont valables. Les anciens ne le sont plus.
notice-app-password-created = Le mot de passe d’application est prêt à l’emploi.
notice-app-password-revoked = Le mot de passe d’application a été révoqué. Il n’ouvre plus rien.
notice-app-passwords-revoked = Tous les mots de passe d’application ont été révoqués. Ils n’ouvrent plus rien.
notice-password-changed = Le mot de passe a été modifié. Vos mots de passe d’application restent valables.
notice-password-changed-and-revoked = Le mot de passe a été modifié et tous les mots de passe d’application ont été révoqués.
notice-session-ended = Cette session a été fermée.
notice-other-sessions-ended = Toutes les autres sessions ont été fermées.

## Signing in

sign-in-title = Connexion
sign-in-lead = Connexion à deux facteurs et mots de passe d’application pour votre messagerie
sign-in-name = Adresse e-mail
sign-in-password = Mot de passe
sign-in-code-hint = Si la connexion à deux facteurs est activée : le code de votre application d’authentification ou un code de secours.
sign-in = Se connecter
sign-in-not-app-password = Utilisez le mot de passe de votre messagerie. Les mots de passe d’application n’ouvrent que les applications de messagerie.
second-step-title = Deuxième étape
second-step-lead = Le mot de passe est correct. Confirmez que c’est bien vous : { $name }
second-step-continue = Se connecter
second-step-back = Se connecter avec un autre compte
code = Code
code-hint = Les { $digits } chiffres que votre application d’authentification affiche maintenant.
code-or-recovery-hint = Les { $digits } chiffres que votre application d’authentification affiche maintenant, ou un code de secours.
recovery-code = Code de secours
recovery-code-use = Utiliser un code de secours
recovery-code-hint = Avec ses tirets, par exemple ab2c-de3f-gh4j. Chaque code ne sert qu’une fois.
account-password = Mot de passe de votre messagerie
prove-title = Confirmez que c’est bien vous
prove-code-lead = Quelques minutes ont passé depuis votre dernier code. Veuillez en saisir un autre avant cette modification.
prove-password-lead = Quelques minutes ont passé depuis que vous avez saisi votre mot de passe. Veuillez le saisir à nouveau avant cette modification.
prove-continue = Continuer

problem-missing = Veuillez remplir tous les champs.
problem-sign-in = L’adresse ou le mot de passe est incorrect, ou le code ne convient pas. Vérifiez-les et réessayez.
problem-wrong-password = Le mot de passe est incorrect. Veuillez réessayer.
problem-code-shape = Ce n’est pas un code. Saisissez les { $digits } chiffres que votre application d’authentification affiche maintenant.
problem-wrong-code = Le code est incorrect. Attendez le suivant et vérifiez que l’horloge de votre téléphone se règle automatiquement.
problem-code-used = Chaque code ne sert qu’une fois. Attendez le suivant.
problem-wrong-recovery-code = Le code de secours est incorrect. Saisissez-le avec ses tirets, en le prenant dans votre série la plus récente.
problem-recovery-code-used = Ce code de secours a déjà été utilisé. Prenez-en un autre.
problem-invitation-missing = Saisissez l’invitation. Si vous n’en avez pas, demandez-la à votre administrateur.
problem-invitation-shape = Ce n’est pas une invitation. Elle compte 16 lettres et chiffres, en quatre groupes.
problem-invitation-wrong = L’invitation est incorrecte ou n’est plus valable. Vérifiez-la et utilisez la plus récente ; sinon, demandez-en une autre à votre administrateur.
problem-invitation-expired = Cette invitation a expiré. Demandez-en une nouvelle à votre administrateur.
problem-app-password = Les mots de passe d’application n’ouvrent que les applications de messagerie. Connectez-vous avec le mot de passe de votre messagerie.
problem-disabled = Ce compte est désactivé. Adressez-vous à votre administrateur.
problem-password-expired = Votre mot de passe a expiré. Changez-le là où vous le faites d’habitude, puis connectez-vous ici.
problem-throttled = Trop de tentatives infructueuses. Attendez quelques minutes, puis réessayez.
problem-changed = Le compte a été modifié au même instant. Veuillez réessayer.
problem-step-expired = Le code n’est pas arrivé à temps. Veuillez vous reconnecter.
problem-session-ended = Votre session est terminée : elle est restée trop longtemps inutilisée, a atteint sa durée maximale ou a été fermée ailleurs. Veuillez vous reconnecter.
problem-busy = Beaucoup de personnes se connectent en ce moment. Veuillez réessayer dans un instant.
problem-unavailable = Les mots de passe ne peuvent pas être vérifiés pour le moment. Réessayez plus tard ; si cela persiste, prévenez votre administrateur.

## Overview

overview-title = Aperçu
overview-manage = Gérer
overview-turn-on = Activer la connexion à deux facteurs
overview-authenticators = { $n ->
    [one] Un authentificateur génère vos codes.
   *[other] { $n } authentificateurs génèrent vos codes.
}
overview-app-passwords = { $n ->
    [0] Aucune application de messagerie n’a de mot de passe d’application.
    [one] Un mot de passe d’application est valable.
   *[other] { $n } mots de passe d’application sont valables.
}
overview-last = Connexions récentes
overview-all-activity = Toute l’activité et les sessions

attention-title = À votre attention
attention-more = { $n ->
    [one] Un autre point : voir toute l’activité
   *[other] { $n } autres points : voir toute l’activité
}
finding-not-you = Si ce n’était pas vous, quelqu’un connaît votre mot de passe : modifiez-le
finding-paused-codes = Trop de codes incorrects : aucun n’est accepté jusqu’au { $time }
finding-paused-passwords = Trop de mots de passe incorrects : aucun n’est examiné depuis cette adresse jusqu’au { $time }
    .step = Voir ce qui s’est passé
finding-account-password-used = Une application de messagerie utilise encore le mot de passe de la messagerie et est refusée
    .step = Créer un mot de passe d’application pour elle
finding-code-in-mail-app = Le mot de passe et un code ont été saisis dans une application de messagerie ; il lui faut un mot de passe d’application
    .step = Créer un mot de passe d’application pour elle
finding-revoked-app-password-used = Un appareil utilise encore un mot de passe d’application révoqué
    .step = Si l’appareil est toujours le vôtre, en créer un nouveau pour lui
finding-expired-app-password-used = Un appareil utilise encore un mot de passe d’application qui a expiré
    .step = En créer un nouveau pour lui
finding-app-password-for-other-protocols = Un mot de passe d’application sert à un usage qui n’est pas le sien
    .step = En créer un qui convienne à cet usage
finding-app-password-for-other-networks = Un mot de passe d’application est utilisé hors de ses réseaux
    .step = En créer un sans cette restriction si l’appareil se déplace
finding-wrong-app-password = Une application de messagerie a un mot de passe d’application qui n’est pas l’un des vôtres
    .step = Comparer son début avec vos mots de passe d’application
finding-app-password-outside-mail-apps = Un mot de passe d’application a été saisi dans le webmail, où vaut le mot de passe de la messagerie
    .step = Voir ce qui s’est passé
finding-code-missing = Votre mot de passe a été saisi dans le webmail sans code
    .step = Saisissez aussi le code.
finding-wrong-code = Votre mot de passe était correct et le code incorrect
    .step = Vérifiez que l’horloge de votre téléphone se règle toute seule.
finding-wrong-recovery-code = Votre mot de passe était correct, et le code de secours incorrect ou déjà utilisé
    .step = Créer de nouveaux codes de secours
finding-wrong-password = Un mot de passe incorrect est venu d’une adresse que vous avez déjà utilisée
    .step = Si l’un de vos appareils a un ancien mot de passe, saisissez-y le bon.
finding-guesses = { $n ->
    [one] Des mots de passe incorrects sont venus d’une adresse qui n’a jamais ouvert votre boîte : quelqu’un essaie de deviner, ou un nouvel appareil est mal réglé
   *[other] Des mots de passe incorrects sont venus de { $n } adresses qui n’ont jamais ouvert votre boîte : quelqu’un essaie de deviner
}
    .step = Voir ce qui s’est passé
finding-enrolment-pending = La connexion à deux facteurs n’est pas encore active : elle attend le premier code
    .step = Continuer

## Two-factor sign-in

two-factor-title = Connexion à deux facteurs
two-factor-is-on = La connexion à deux facteurs est activée
two-factor-is-off = La connexion à deux facteurs est désactivée
two-factor-lead = Avec la connexion à deux facteurs, un mot de passe volé n’ouvre rien à lui seul : le webmail et cette page demandent aussi un code de votre téléphone, et chaque application de messagerie reçoit son propre mot de passe.
two-factor-steps-title = Comment cela fonctionne
two-factor-step-app = Il vous faut une application d’authentification sur votre téléphone, comme Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator ou 2FAS, ou un gestionnaire de mots de passe qui génère des codes.
two-factor-step-scan = Vous scannez un QR code avec elle et saisissez le code qu’elle affiche.
two-factor-step-codes = Vous recevez dix codes de secours pour le jour où le téléphone sera perdu.
two-factor-step-apps = Les applications de messagerie qui utilisent le mot de passe de votre messagerie cessent de fonctionner. Vous créez un mot de passe d’application pour chacune d’elles.
two-factor-begin = Activer
invitation = Invitation
invitation-lead = Ici, vous l’activez avec une invitation : un code que vous donne votre administrateur. Ainsi, personne ne peut le faire à votre place avec votre seul mot de passe.
invitation-hint = 16 lettres et chiffres, par exemple K7M2-9XQD-0011-ABCD. Les majuscules, les espaces et les tirets sont sans importance.
authenticators-title = Authentificateurs
authenticator-name = Nom de l’authentificateur
authenticator-name-hint = Pour le distinguer des autres, par exemple « Mon téléphone ».
authenticator-proposed = Téléphone
authenticator-since = Ajouté le { $date }
authenticator-remove = Supprimer
authenticator-add = Ajouter un autre authentificateur
authenticator-add-lead = Par exemple sur un deuxième téléphone ou dans un gestionnaire de mots de passe. Les codes de chacun sont valables.
authenticator-begin = Afficher le QR code
authenticator-remove-title = Supprimer cet authentificateur ?
authenticator-remove-lead = Les codes de { $name } cessent immédiatement d’être valables.
authenticator-remove-effect-others = Vos autres authentificateurs et vos codes de secours restent tels quels.
authenticator-remove-effect-app = Supprimez ensuite aussi l’entrée dans l’application : elle ne sert plus à rien.
authenticator-remove-do = Supprimer
enrolment-waits = Vous avez commencé à ajouter un authentificateur.
enrolment-go-on = Poursuivre
enrolment-again = L’ajout d’un authentificateur a été commencé sans être terminé. Recommencez : vous recevez un nouveau QR code et l’ancien n’est pas valable.
recovery-codes-title = Codes de secours
recovery-codes-left = { $n ->
    [0] Il ne reste aucun code de secours. Créez-en de nouveaux.
    [one] Il reste un code de secours.
   *[other] Il reste { $n } codes de secours.
}
recovery-codes-lead = Chacun ouvre votre compte une fois à la place d’un code de l’application, quand vous n’avez pas le téléphone sous la main.
recovery-codes-new = Créer de nouveaux codes de secours
recovery-codes-new-lead = Vous recevez dix nouveaux codes. Les anciens cessent immédiatement d’être valables, et le webmail et les autres navigateurs sont déconnectés.
recovery-codes-make = Créer de nouveaux codes
recovery-codes-shown-lead = Conservez ces codes là où vous les trouverez sans votre téléphone : imprimés ou dans un gestionnaire de mots de passe. Chacun ne sert qu’une fois.
recovery-codes-once = Ils ne seront plus affichés. Mettez-les en lieu sûr avant de continuer.
recovery-codes-save = Enregistrer dans un fichier
recovery-codes-print = Chaque code ne sert qu’une fois. Saisissez-le avec ses tirets là où le code est demandé.
recovery-codes-done = Je les ai mis en lieu sûr
enrol-title-first = Activer la connexion à deux facteurs
enrol-title-further = Ajouter un authentificateur
enrol-lead = Deux étapes relient { $name } à votre messagerie.
enrol-scan-title = 1. Scannez le QR code
enrol-scan = Ouvrez l’application d’authentification, choisissez d’ajouter un compte et dirigez l’appareil photo ici.
enrol-qr-label = QR code pour l’application d’authentification
enrol-open-app = Vous lisez ceci sur le téléphone où se trouve l’application ? Ouvrez-la d’ici.
enrol-by-hand = Saisir le secret à la main
enrol-by-hand-lead = Si l’appareil photo ne peut pas servir, choisissez de saisir une clé dans l’application.
enrol-secret = Secret
enrol-form = Type
enrol-form-is = Basé sur l’heure, { $digits } chiffres, { $period } secondes, { $algorithm }
enrol-confirm-title = 2. Saisissez le code
enrol-code-hint = Les { $digits } chiffres que l’application affiche maintenant pour cette entrée.
enrol-confirm-first = Activer
enrol-confirm-further = Ajouter
two-factor-off-title = Désactiver la connexion à deux facteurs
two-factor-off-teaser = Le mot de passe de votre messagerie ouvrira de nouveau tout à lui seul.
two-factor-off-link = Désactiver…
two-factor-off-lead = Quand la connexion à deux facteurs est désactivée :
two-factor-off-effect-password = Le mot de passe de votre messagerie ouvre à lui seul le webmail, cette page et les applications de messagerie.
two-factor-off-effect-codes = Vos authentificateurs et vos codes de secours cessent immédiatement d’être valables.
two-factor-off-effect-apps = Les mots de passe d’application restent valables. Le webmail et les autres navigateurs sont déconnectés.
two-factor-off-effect-again = Pour la réactiver, vous scannerez un nouveau QR code ; l’ancien ne sera plus jamais valable.
two-factor-off-effect-invitation = Vous ne pourrez la réactiver qu’avec une nouvelle invitation de votre administrateur.
two-factor-off-do = Désactiver
two-factor-off-keep = La garder activée

## App passwords

app-passwords-title = Mots de passe d’application
app-passwords-lead = Une application de messagerie reçoit son propre mot de passe. Si un appareil est perdu, vous révoquez son mot de passe et tout le reste continue de fonctionner.
app-passwords-lead-off = Une application de messagerie peut avoir son propre mot de passe. Si un appareil est perdu, vous révoquez son mot de passe et tout le reste continue de fonctionner. Avec la connexion à deux facteurs, chaque application de messagerie en a besoin d’un.
app-passwords-none = Il n’y en a pas encore.
app-passwords-ended = { $n ->
    [one] Un mot de passe révoqué ou expiré
   *[other] { $n } mots de passe révoqués ou expirés
}
app-password-new = Nouveau mot de passe d’application
app-password-id = Commence par
app-password-for = Utilisable pour
app-password-for-hint = Pour une application de messagerie courante, laissez tel quel.
app-password-created = Créé
app-password-used = Dernière utilisation
app-password-from = Seulement depuis
app-password-revoked = Révoqué
app-password-expires = Valable jusqu’au
app-password-expired = Expiré
app-password-name = Nom
app-password-name-hint = L’application et l’appareil, par exemple « Thunderbird sur mon portable ».
app-password-limits = Restrictions : validité et réseaux
app-password-expiry = Validité
app-password-networks = Seulement depuis ces réseaux
app-password-networks-hint = Adresses ou réseaux, séparés par des virgules, par exemple 192.0.2.7, 2001:db8::/32. Laissez vide si l’appareil se déplace.
app-password-make = Créer le mot de passe d’application
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = Lire le courrier (IMAP)
protocol-pop3-for = Relever le courrier (POP3)
protocol-smtp-for = Envoyer le courrier (SMTP)
protocol-sieve-for = Filtres (Sieve)
expires-never = jusqu’à sa révocation
expires-30d = pendant 30 jours
expires-90d = pendant 90 jours
expires-1y = pendant un an
expires-date = jusqu’à une date incluse :
expires-date-label = Dernier jour
problem-name-empty = Donnez-lui un nom, pour le distinguer des autres.
problem-name-long = Le nom est trop long. Utilisez au plus { $max } caractères.
problem-name-unprintable = Le nom contient un caractère qui ne peut pas être affiché. Utilisez des lettres, des chiffres, des symboles et des espaces.
problem-no-protocol = Choisissez au moins un usage, sinon il n’ouvre rien.
problem-no-date = Choisissez le dernier jour où il doit fonctionner.
problem-expiry-past = Ce jour est passé. Choisissez-en un plus tardif.
problem-network = « { $network } » n’est ni une adresse ni un réseau. Écrivez par exemple 192.0.2.7 ou 192.0.2.0/24.
problem-too-many = Vous avez { $most } mots de passe d’application, et c’est le maximum. Révoquez-en un qui ne sert plus.
new-app-password-title = Nouveau mot de passe d’application
new-app-password-lead = Créez-en un pour chaque application sur chaque appareil.
created-title = Votre nouveau mot de passe d’application
created-lead = Saisissez-le maintenant dans { $name }, à la place du mot de passe de votre messagerie.
created-secret = Mot de passe d’application
created-once = Il n’est affiché que maintenant. Personne n’a besoin de le retenir : pour un autre appareil, créez-en un autre.
created-qr = L’afficher sous forme de QR code
created-qr-lead = Lisez-le avec l’appareil photo de votre téléphone, puis copiez-le dans l’application de messagerie.
created-qr-label = QR code du mot de passe d’application
created-settings = Réglages de l’application de messagerie
created-settings-lead = Beaucoup d’applications les trouvent seules. Si la vôtre les demande, voici les bons :
created-no-servers = Votre administrateur peut vous indiquer les noms des serveurs.
created-profile-title = iPhone, iPad et Mac
created-profile-lead = Ouvrez ce fichier sur l’appareil : il configure l’application Mail d’Apple avec tout ce qu’il faut.
created-profile = Profil de configuration
created-profile-warning = Le mot de passe d’application se trouve dans le fichier. Supprimez-le une fois installé.
created-profile-without = Profil sans le mot de passe d’application
created-expires = Il fonctionne jusqu’au { $date } inclus.
created-done = Terminé
settings-user = Nom d’utilisateur
settings-password = Mot de passe
settings-password-is = le mot de passe d’application ci-dessus
settings-imap = Courrier entrant : IMAP
settings-pop3 = Courrier entrant : POP3
settings-smtp = Courrier sortant : SMTP
settings-sieve = Filtres : ManageSieve
settings-host = Serveur
settings-port = Port
settings-security = Chiffrement
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = Révoquer
revoke-title = Révoquer « { $name } » ?
revoke-lead = { $name } cesse immédiatement de fonctionner : plus de relève ni d’envoi de courrier.
revoke-used = Dernière utilisation : { $time }.
revoke-again = Cela ne peut pas être annulé. Pour la même application, vous pouvez créer à tout moment un nouveau mot de passe d’application.
revoke-do = Révoquer
revoke-keep = Garder
revoke-all-link = Tout révoquer
revoke-all-title = { $n ->
    [one] Révoquer le mot de passe d’application ?
   *[other] Révoquer les { $n } mots de passe d’application ?
}
revoke-all-lead = Toutes les applications de messagerie de tous vos appareils cessent immédiatement de fonctionner, jusqu’à ce que vous donniez à chacune un nouveau mot de passe d’application.
revoke-all-do = Tout révoquer

## Password

password-title = Mot de passe
password-lead = C’est le mot de passe de votre messagerie : pour le webmail et pour cette page.
password-elsewhere = Le mot de passe de votre messagerie est géré par un autre système et ne peut pas être modifié ici. Modifiez-le là où vous modifiez le mot de passe de votre ordinateur ou de votre organisation, ou adressez-vous à votre administrateur.
password-current = Mot de passe actuel
password-new = Nouveau mot de passe
password-new-hint = { $min ->
    [one] Au moins { $min } caractère. Long vaut mieux que compliqué.
   *[other] Au moins { $min } caractères. Long vaut mieux que compliqué.
}
password-again = Nouveau mot de passe, encore une fois
password-effects-title = Ce qui se passe ensuite
password-effect-sessions = Le webmail et tous les autres navigateurs sont déconnectés.
password-effect-app-passwords = { $n ->
    [one] Votre mot de passe d’application reste valable, sauf si vous en décidez autrement.
   *[other] Vos { $n } mots de passe d’application restent valables, sauf si vous en décidez autrement.
}
password-revoke = Révoquer aussi tous les mots de passe d’application
password-revoke-hint = Faites-le si quelqu’un d’autre peut connaître votre mot de passe ou a eu l’un de vos appareils.
password-change = Modifier le mot de passe
problem-again = Les deux nouveaux mots de passe sont différents. Saisissez deux fois le même.
problem-too-short = { $min ->
    [one] Le nouveau mot de passe est trop court. Utilisez au moins { $min } caractère.
   *[other] Le nouveau mot de passe est trop court. Utilisez au moins { $min } caractères.
}
problem-too-long = Le nouveau mot de passe est trop long. Utilisez au plus { $max } octets.
problem-control = Le nouveau mot de passe contient un caractère de contrôle. Utilisez des lettres, des chiffres, des symboles et des espaces.
problem-looks-like = Le nouveau mot de passe ressemble à un mot de passe d’application ou à un code de secours et serait pris pour tel. Choisissez-en un autre.
problem-is-name = Le nouveau mot de passe est le nom du compte. Choisissez-en un autre.
problem-unchanged = Le nouveau mot de passe est l’ancien. Choisissez-en un autre.

## Activity and sessions

activity-title = Activité
activity-list = Ce qui s’est passé
activity-none = Rien pour l’instant.
activity-lead = Si quelque chose ici n’était pas de vous : modifiez votre mot de passe, révoquez les mots de passe d’application que vous ne connaissez pas et créez de nouveaux codes de secours.
activity-count = { $n ->
    [one] une fois depuis { $since }
   *[other] { $n } fois depuis { $since }
}
activity-about = { $event } – { $app }
activity-by-administrator = par un administrateur
activity-unknown = Autre événement : { $name }
app-password-by-name = « { $name } », { $id }
app-password-by-id = mot de passe d’application { $id }
sessions-title = Sessions ouvertes
sessions-lead = Les applications de messagerie n’en font pas partie : chacune a un mot de passe d’application.
sessions-end-others-lead = Déconnecte le webmail et tous les autres navigateurs. Les applications de messagerie continuent de fonctionner.
sessions-end-others = Déconnecter partout ailleurs
session-this = Ce navigateur
session-panel = Cette page : paramètres du compte
session-webmail = Webmail
session-unknown-browser = Navigateur inconnu
session-opened = Connexion : { $time }
session-used = Dernière utilisation : { $time }
method-password = avec le mot de passe
method-totp = avec mot de passe et code
method-recovery-code = avec mot de passe et code de secours
accepted-app-password = Connexion d’une application de messagerie – { $app }
accepted-app-password-unnamed = Connexion d’une application de messagerie avec un mot de passe d’application
accepted-client = Connexion d’une application de messagerie avec le mot de passe de la messagerie
accepted-session = Webmail utilisé
accepted-webmail = Connexion au webmail
accepted-webmail-recovery-code = Connexion au webmail avec un code de secours
accepted-panel = Connexion à cette page
signed-out-webmail = Déconnexion du webmail
signed-out-panel = Déconnexion de cette page

event-account-created = Compte créé
event-account-disabled = Compte désactivé
event-account-enabled = Compte réactivé
event-account-renamed = Compte renommé
event-app-password-created = Mot de passe d’application créé
event-app-password-revoked = Mot de passe d’application révoqué
event-authenticator-added = Authentificateur ajouté
event-authenticator-removed = Authentificateur supprimé
event-code-verified = Code présenté à nouveau avant une modification
event-enrolment-begun = QR code d’un authentificateur affiché
event-invitation-created = Invitation à activer la connexion à deux facteurs
event-invitation-refused = Refusé : l’invitation était incorrecte ou avait expiré
event-invitation-revoked = Invitation révoquée
event-password-changed = Mot de passe modifié
event-recovery-codes-replaced = Nouveaux codes de secours créés
event-requirement-cleared = Plus de règle propre pour la connexion à deux facteurs
event-session-closed = Déconnexion
event-session-revoked = Session fermée depuis un autre endroit
event-two-factor-exempted = Connexion à deux facteurs non exigée
event-two-factor-off = Connexion à deux facteurs désactivée
event-two-factor-on = Connexion à deux facteurs activée
event-two-factor-required = Connexion à deux facteurs exigée
event-two-factor-reset = Connexion à deux facteurs réinitialisée après une perte

reason-account-changed = Refusé : le compte a été modifié au même instant
    .step = Connectez-vous à nouveau.
reason-account-disabled = Refusé : le compte est désactivé
    .step = Adressez-vous à votre administrateur.
reason-app-password-expired = Refusé : le mot de passe d’application a expiré
    .step = Créez-en un nouveau pour cette application.
reason-app-password-not-allowed-here = Refusé : un mot de passe d’application a été saisi là où seul vaut le mot de passe de la messagerie
    .step = N’utilisez les mots de passe d’application que dans les applications de messagerie.
reason-app-password-required = Refusé : une application de messagerie a utilisé le mot de passe de la messagerie
    .step = Créez un mot de passe d’application et saisissez-le dans cette application.
reason-app-password-revoked = Refusé : un mot de passe d’application révoqué est encore utilisé
    .step = Créez-en un nouveau si l’appareil est toujours le vôtre. S’il est perdu, il n’y a rien à faire : il reste dehors.
reason-code-required = Mot de passe correct, code non présenté
    .step = Toute connexion à cette page commence ainsi. Si ce n’était pas vous, quelqu’un connaît votre mot de passe : modifiez-le.
reason-code-used = Refusé : le code avait déjà été utilisé
    .step = Attendez le code suivant.
reason-credential-too-long = Refusé : le mot de passe était plus long que tout mot de passe possible
reason-empty-credential = Refusé : aucun mot de passe n’a été envoyé
    .step = Saisissez à nouveau le mot de passe dans l’application.
reason-enrolment-required = Refusé : la connexion à deux facteurs doit d’abord être activée
    .step = Activez-la ici.
reason-invalid-name = Refusé : le nom d’utilisateur n’a pas la forme de celui d’un compte
    .step = Vérifiez les espaces et le domaine.
reason-network-not-allowed = Refusé : le mot de passe d’application est limité à d’autres réseaux
    .step = Créez-en un sans cette restriction si l’appareil se déplace.
reason-not-authenticated = Refusé : la connexion n’est pas allée à son terme
    .step = Si cela se répète, prévenez votre administrateur.
reason-password-refused = Le nouveau mot de passe n’a pas été accepté
    .step = Choisissez-en un plus long.
reason-protocol-not-allowed = Refusé : le mot de passe d’application est limité à d’autres usages
    .step = Créez-en un qui convienne à cet usage.
reason-protocol-unknown = Refusé : le serveur n’a pas dit à quoi cela devait servir
    .step = Prévenez votre administrateur.
reason-recovery-code-used = Refusé : le code de secours avait déjà été utilisé
    .step = Prenez-en un autre dans votre série.
reason-session-ended = Refusé : la session du webmail a été fermée
    .step = Reconnectez-vous au webmail.
reason-session-expired = Refusé : la session du webmail a expiré
    .step = Reconnectez-vous au webmail.
reason-session-malformed = Refusé : le webmail a envoyé quelque chose qui n’est pas une session
    .step = Si cela se répète, prévenez votre administrateur.
reason-session-not-allowed-here = Refusé : les sessions du webmail n’ouvrent rien ici
    .step = Si cela se répète, prévenez votre administrateur.
reason-session-reused = Refusé : la session du webmail avait déjà été utilisée
    .step = Reconnectez-vous au webmail.
reason-session-unconfirmed = Refusé : la connexion au webmail n’est pas allée à son terme
    .step = Reconnectez-vous au webmail.
reason-session-unknown = Refusé : la session du webmail est inconnue
    .step = Reconnectez-vous au webmail.
reason-throttled = Refusé : trop de tentatives infructueuses
    .step = Attendez quelques minutes. Si ce n’était pas vous, quelqu’un essaie de deviner : un mot de passe long et la connexion à deux facteurs l’en empêchent.
reason-unknown-account = Refusé : ce compte n’existe pas
reason-wrong-app-password = Refusé : mot de passe d’application incorrect
    .step = Créez-en un nouveau pour cette application.
reason-wrong-code = Refusé : mot de passe correct, code incorrect
    .step = Si ce n’était pas vous, quelqu’un connaît votre mot de passe : modifiez-le.
reason-wrong-password = Refusé : mot de passe incorrect
    .step = Si l’un de vos appareils a encore un ancien mot de passe, saisissez-y le nouveau.
reason-wrong-recovery-code = Refusé : mot de passe correct, code de secours incorrect
    .step = Si ce n’était pas vous, quelqu’un connaît votre mot de passe : modifiez-le.

## Pages that say one thing

message-home = Vers l’aperçu
message-again = Réessayer
message-not-found-title = Cette page n’existe pas
message-not-found = L’adresse est erronée, ou ce à quoi elle menait n’existe plus.
message-form-expired-title = Ce formulaire a expiré
message-form-expired = Rien n’a été modifié. Ouvrez à nouveau la page et recommencez. Si cela se reproduit, autorisez les cookies pour cette page.
message-secret-gone-title = Ce n’est plus affiché
message-secret-gone = Les secrets sont affichés une seule fois, pendant quelques minutes. Si vous ne l’avez pas conservé, créez-en un nouveau et révoquez l’ancien.
message-too-many-requests-title = Trop de requêtes
message-too-many-requests = Plus de pages ont été demandées depuis votre réseau que quiconque ne peut en lire. Attendez une minute, puis réessayez.
message-out-of-service-title = Hors service pour le moment
message-out-of-service = Votre compte n’est pas accessible en ce moment. Rien n’a été modifié. Réessayez dans quelques minutes ; si cela persiste, prévenez votre administrateur.
message-internal-title = Une erreur s’est produite
message-internal = L’erreur vient de nous et a été enregistrée. Vérifiez si votre dernière modification a été effectuée avant de la répéter.

## Notices by mail

notices-title = Avis
notices-lead = Vous recevez un courrier quand quelque chose change dans la sécurité de votre boîte aux lettres : connexion à deux facteurs, mots de passe d’application, mot de passe, codes de récupération, connexion depuis un nouvel endroit.
notices-on = M’envoyer des avis
notices-address = Autre adresse
notices-address-hint = En dehors de cette boîte aux lettres, au cas où vous ne pourriez plus la lire un jour. Elle reçoit aussi chaque avis.
notices-language = Ils sont écrits dans la langue que vous avez choisie pour ces pages.
notices-save = Enregistrer
notice-notices-saved = Votre choix a été enregistré.
problem-notices-address = Ce n’est pas une adresse de courrier. Écrivez-la comme nom@example.org.
problem-notices-mailbox = C’est la boîte aux lettres elle-même, qui reçoit les avis de toute façon. Indiquez une adresse en dehors d’elle.
activity-notices = Avis par courrier
