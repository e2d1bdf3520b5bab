app-password-created-subject = Nova senha de aplicativo
app-password-created = Foi criada uma senha de aplicativo para a sua caixa postal: { $subject }.
authenticator-added-subject = Mais um autenticador
authenticator-added = Foi adicionado à sua caixa postal um autenticador cujos códigos valem a partir de agora: { $subject }.
code-guessing-subject = Alguém está tentando adivinhar seus códigos
code-guessing = Alguém que conhece a senha da sua caixa postal está tentando códigos. Ninguém entrou dessa forma.
enrolment-due-subject = O login em duas etapas será obrigatório
enrolment-due = A partir de { $date }, a sua caixa postal só poderá ser usada com o login em duas etapas. Ele ainda não está ativado; aplicativos de e-mail que usam a senha da caixa postal deixarão então de funcionar.
new-network-subject = Login a partir de um lugar novo
new-network = Alguém entrou na sua caixa postal a partir de uma rede que ainda não tinha sido usada para isso.
notices-changed-subject = Os avisos foram alterados
notices-changed = A forma como você é avisado sobre a sua caixa postal foi alterada: os avisos foram desativados ou vão, a partir de agora, para outros endereços. Esta é a última carta pelas configurações antigas.
password-changed-subject = A senha foi alterada
password-changed = A senha da sua caixa postal foi alterada.
recovery-code-used-subject = Um código de recuperação foi usado
recovery-code-used = { $left ->
    [0] Um código de recuperação foi usado para entrar na sua caixa postal. Era o último: crie novos agora.
    [one] Um código de recuperação foi usado para entrar na sua caixa postal. Resta um: crie novos em breve.
   *[other] Um código de recuperação foi usado para entrar na sua caixa postal. Restam { $left }.
}
recovery-codes-replaced-subject = Novos códigos de recuperação
recovery-codes-replaced = Foram criados novos códigos de recuperação para a sua caixa postal. Os antigos não valem mais.
two-factor-off-subject = O login em duas etapas está desativado
two-factor-off = O login em duas etapas foi desativado para a sua caixa postal. A senha sozinha volta a abri-la.
two-factor-on-subject = O login em duas etapas está ativado
two-factor-on = O login em duas etapas foi ativado para a sua caixa postal. A partir de agora, aplicativos de e-mail precisam de uma senha de aplicativo.

account = Caixa postal: { $account }
when = Quando: { $time }
from = De: { $address }
via-command = Por: seu administrador
via-panel = Onde: no painel de autoatendimento
via-webmail = Onde: no webmail
next-enrol = Ative-o antes disso no painel de autoatendimento e crie uma senha de aplicativo para cada aplicativo de e-mail.
next-guessing = Se não foi você: altere agora a senha da sua caixa postal. Quem tenta códigos a conhece.
next-harmless = Se foi você, não há nada a fazer.
next-alarm = Se não foi você: altere agora a senha da sua caixa postal, encerre todas as outras sessões, revogue as senhas de aplicativo que não conhece e avise o administrador.
panel = O painel de autoatendimento: { $url }
footer = Você recebe esta carta porque algo mudou na segurança da sua caixa postal. Quais cartas receber, você escolhe no painel de autoatendimento. Ninguém jamais pedirá uma senha ou um código por e-mail.
