# language: ja
# よりどころ: 標準仕様「What public documents say of the real system」— 使える証明書は介護保険証明書と請求委任事業所用ケアプラン
# 証明書で、代理人証明書は使えない。domain.md「What offices stumble over」— 証明書の取り違えと入れ忘れは、ヘルプデスクへの問い合わせで最も多い。
@事業所の困りごと
機能: 基盤に入れる者と入れない者
  正しい証明書とTLS 1.3がそろわなければ、基盤は理由を示して断る。

  背景:
    前提 標準の事業所が参加している

  シナリオ: 正しい証明書なら入れる
    もし 「見本居宅介護支援センター」が「正しい証明書」で基盤に接続する
    ならば 基盤に入れる

  シナリオアウトライン: <入り方> では入れない
    もし 「見本居宅介護支援センター」が「<入り方>」で基盤に接続する
    ならば 「<断り>」として断られる

    # 模擬の認証局はみな同じ名前を名乗るので、別の認証局の証明書は署名の誤りとして断られる。
    例:
      | 入り方             | 断り                       |
      | 平文のHTTP         | tls-required               |
      | TLS1.2             | alert:protocol_version     |
      | 証明書なし         | alert:certificate_required |
      | 別の認証局の証明書 | alert:decrypt_error        |
      | 失効した証明書     | alert:certificate_revoked  |
      | 代理人証明書       | certificate-kind           |
