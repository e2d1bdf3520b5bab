app-password-created-subject = 新しいアプリパスワード
app-password-created = お使いのメールボックスにアプリパスワードが作成されました: { $subject }
authenticator-added-subject = 認証アプリの追加
authenticator-added = お使いのメールボックスに認証アプリが追加され、そのコードが有効になりました: { $subject }
code-guessing-subject = 確認コードが試されています
code-guessing = お使いのメールボックスのパスワードを知っている誰かが、確認コードを試しています。この方法ではまだ誰もサインインしていません。
enrolment-due-subject = 2段階認証が必須になります
enrolment-due = { $date }から、お使いのメールボックスには2段階認証が必要になります。まだ有効になっていません。メールボックスのパスワードを使うメールアプリは、その日から使えなくなります。
new-network-subject = 新しい場所からのサインイン
new-network = これまで使われたことのないネットワークから、お使いのメールボックスにサインインがありました。
notices-changed-subject = お知らせの設定が変更されました
notices-changed = メールボックスについてのお知らせの設定が変更されました。お知らせが無効にされたか、今後は別のアドレスに届きます。これまでの設定で届くお知らせはこれが最後です。
password-changed-subject = パスワードが変更されました
password-changed = お使いのメールボックスのパスワードが変更されました。
recovery-code-used-subject = リカバリーコードが使われました
recovery-code-used = { $left ->
    [0] リカバリーコードでメールボックスへのサインインがありました。これが最後のコードでした。今すぐ新しいコードを作成してください。
   *[other] リカバリーコードでメールボックスへのサインインがありました。残りは{ $left }個です。
}
recovery-codes-replaced-subject = 新しいリカバリーコード
recovery-codes-replaced = お使いのメールボックスに新しいリカバリーコードが作成されました。古いコードは使えません。
two-factor-off-subject = 2段階認証が無効になりました
two-factor-off = お使いのメールボックスの2段階認証が無効になりました。パスワードだけで開けるようになっています。
two-factor-on-subject = 2段階認証が有効になりました
two-factor-on = お使いのメールボックスの2段階認証が有効になりました。今後、メールアプリにはアプリパスワードが必要です。

account = メールボックス: { $account }
when = 日時: { $time }
from = 接続元: { $address }
via-command = 操作した人: 管理者
via-panel = 場所: セルフサービスパネル
via-webmail = 場所: ウェブメール
next-enrol = それまでにセルフサービスパネルで有効にし、メールアプリごとにアプリパスワードを作成してください。
next-guessing = 心当たりがない場合は、今すぐメールボックスのパスワードを変更してください。コードを試している人はパスワードを知っています。
next-harmless = ご自身の操作であれば、何もする必要はありません。
next-alarm = 心当たりがない場合は、今すぐメールボックスのパスワードを変更し、ほかのセッションをすべてサインアウトし、見覚えのないアプリパスワードを取り消して、管理者に知らせてください。
panel = セルフサービスパネル: { $url }
footer = このメールは、メールボックスのセキュリティに変更があったためお送りしています。受け取るお知らせはセルフサービスパネルで選べます。メールでパスワードや確認コードをお尋ねすることは決してありません。
