app-password-created-subject = Nueva contraseña de aplicación
app-password-created = Se ha creado una contraseña de aplicación para su buzón: { $subject }.
authenticator-added-subject = Otro autenticador
authenticator-added = Se ha añadido a su buzón un autenticador cuyos códigos valen desde ahora: { $subject }.
code-guessing-subject = Alguien está probando sus códigos
code-guessing = Alguien que conoce la contraseña de su buzón está probando códigos. Nadie ha entrado así.
enrolment-due-subject = El inicio de sesión en dos pasos será obligatorio
enrolment-due = A partir del { $date }, su buzón solo podrá usarse con el inicio de sesión en dos pasos. Todavía no está activado; las aplicaciones de correo que usan la contraseña de su buzón dejarán entonces de funcionar.
new-network-subject = Inicio de sesión desde un lugar nuevo
new-network = Alguien ha iniciado sesión en su buzón desde una red que no se había usado antes para ello.
notices-changed-subject = Se han cambiado los avisos
notices-changed = Se ha cambiado la forma en que se le avisa sobre su buzón: los avisos se han desactivado o van desde ahora a otras direcciones. Esta es la última carta con los ajustes anteriores.
password-changed-subject = Se ha cambiado la contraseña
password-changed = Se ha cambiado la contraseña de su buzón.
recovery-code-used-subject = Se ha usado un código de recuperación
recovery-code-used = { $left ->
    [0] Se ha usado un código de recuperación para entrar en su buzón. Era el último: cree códigos nuevos ahora.
    [one] Se ha usado un código de recuperación para entrar en su buzón. Queda uno: cree códigos nuevos pronto.
   *[other] Se ha usado un código de recuperación para entrar en su buzón. Quedan { $left }.
}
recovery-codes-replaced-subject = Nuevos códigos de recuperación
recovery-codes-replaced = Se han creado nuevos códigos de recuperación para su buzón. Los anteriores ya no valen.
two-factor-off-subject = El inicio de sesión en dos pasos está desactivado
two-factor-off = Se ha desactivado el inicio de sesión en dos pasos de su buzón. La contraseña sola vuelve a abrirlo.
two-factor-on-subject = El inicio de sesión en dos pasos está activado
two-factor-on = Se ha activado el inicio de sesión en dos pasos de su buzón. Las aplicaciones de correo necesitan desde ahora una contraseña de aplicación.

account = Buzón: { $account }
when = Cuándo: { $time }
from = Desde: { $address }
via-command = Por: su administrador
via-panel = Dónde: en el panel de autoservicio
via-webmail = Dónde: en el correo web
next-enrol = Actívelo antes en el panel de autoservicio y cree una contraseña de aplicación para cada aplicación de correo.
next-guessing = Si no ha sido usted: cambie ahora la contraseña de su buzón. Quien prueba códigos la conoce.
next-harmless = Si ha sido usted, no tiene que hacer nada.
next-alarm = Si no ha sido usted: cambie ahora la contraseña de su buzón, cierre todas las demás sesiones, revoque las contraseñas de aplicación que no conozca y avise a su administrador.
panel = El panel de autoservicio: { $url }
footer = Recibe esta carta porque ha cambiado algo en la seguridad de su buzón. En el panel de autoservicio elige qué cartas recibe. Nadie le pedirá nunca una contraseña ni un código por correo.
