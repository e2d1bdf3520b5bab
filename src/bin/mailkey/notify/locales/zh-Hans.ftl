app-password-created-subject = 新的应用专用密码
app-password-created = 已为您的邮箱创建应用专用密码：{ $subject }。
authenticator-added-subject = 新增验证器
authenticator-added = 您的邮箱新增了一个验证器，其验证码从现在起有效：{ $subject }。
code-guessing-subject = 有人在猜测您的验证码
code-guessing = 有人知道您邮箱的密码，正在尝试验证码。尚无人以此方式登录。
enrolment-due-subject = 两步验证即将成为必需
enrolment-due = 从 { $date } 起，您的邮箱必须使用两步验证。目前尚未启用；届时使用邮箱密码的邮件应用将无法继续使用。
new-network-subject = 从新的位置登录
new-network = 有人从以前未使用过的网络登录了您的邮箱。
notices-changed-subject = 通知设置已更改
notices-changed = 有关您邮箱的通知设置已更改：通知已关闭，或从现在起发送到其他地址。这是按原设置发送的最后一封邮件。
password-changed-subject = 密码已更改
password-changed = 您邮箱的密码已更改。
recovery-code-used-subject = 使用了恢复码
recovery-code-used = { $left ->
    [0] 有人使用恢复码登录了您的邮箱。这是最后一个：请立即生成新的恢复码。
   *[other] 有人使用恢复码登录了您的邮箱。还剩 { $left } 个。
}
recovery-codes-replaced-subject = 新的恢复码
recovery-codes-replaced = 已为您的邮箱生成新的恢复码。旧的恢复码不再有效。
two-factor-off-subject = 两步验证已关闭
two-factor-off = 您邮箱的两步验证已关闭。仅凭密码即可打开邮箱。
two-factor-on-subject = 两步验证已启用
two-factor-on = 您邮箱的两步验证已启用。从现在起，邮件应用需要应用专用密码。

account = 邮箱：{ $account }
when = 时间：{ $time }
from = 来源：{ $address }
via-command = 操作者：管理员
via-panel = 位置：自助面板
via-webmail = 位置：网页邮箱
next-enrol = 请在此之前在自助面板中启用，并为每个邮件应用创建应用专用密码。
next-guessing = 如果不是您本人：请立即更改邮箱密码。尝试验证码的人知道您的密码。
next-harmless = 如果是您本人操作，则无需做任何事。
next-alarm = 如果不是您本人：请立即更改邮箱密码，退出所有其他会话，撤销您不认识的应用专用密码，并通知管理员。
panel = 自助面板：{ $url }
footer = 您收到此邮件，是因为您邮箱的安全设置发生了变化。您可以在自助面板中选择接收哪些邮件。绝不会有人通过邮件向您索要密码或验证码。
