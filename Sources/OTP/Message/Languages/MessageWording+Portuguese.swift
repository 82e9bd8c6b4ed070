extension MessageLocale {
    /// Portuguese, in words that Brazil and Portugal share.
    public static var portuguese: Self { Self(builtIn: "pt") }
}

extension MessageWording {
    /// Portuguese, in words that Brazil and Portugal share; words without ã, ç, ó and ú keep it in GSM-7.
    static let portuguese = MessageWording(
        builtIn: .portuguese,
        [
            "{brand}: o seu PIN para {action} é {code}. Expira em {validity}. Nunca o revele a ninguém. Nunca pedimos este PIN.",
            "{brand}: o seu PIN é {code}. Expira em {validity}. Nunca o revele.",
        ],
        actions: [
            .registration: "criar a conta",
            .signIn: "entrar na conta",
            .passwordReset: "recuperar o acesso",
            .phoneNumberChange: "alterar o telefone",
        ],
        otherAction: "confirmar o pedido",
        minutes: [.one: "1 minuto", .other: "{minutes} minutos"],
        regions: "AO BR CV GW MZ PT ST"
    )
}
