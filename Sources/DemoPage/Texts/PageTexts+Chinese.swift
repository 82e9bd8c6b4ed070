// SPDX-License-Identifier: Apache-2.0

extension PageTexts {
    /// The texts in simplified Chinese.
    static let chinese = PageTexts(
        frame: Frame(
            language: "简体中文",
            demo: "演示：一切都在本机运行，不会发送真实短信。",
            error: "错误",
            offline: "演示程序没有响应。请确认它仍在运行，然后重试。",
            cookies: "浏览器没有返回本页的 Cookie。请允许 Cookie，然后重试。"
        ),
        number: Number(
            title: "创建账号",
            lead: "请输入手机号码。我们将通过短信发送验证码，确认号码属于你。",
            changeTitle: "更换手机号码",
            changeLead: "我们将向新号码发送验证码，并通知 {number}。",
            region: "国家或地区",
            common: "常用",
            all: "所有国家和地区",
            number: "手机号码",
            send: "发送验证码",
            risk: "短信的安全性不如通行密钥：控制你号码的人可以读取短信。",
            keep: "保留原号码"
        ),
        check: Check(
            title: "还有一步",
            lead: "在向 {number} 发送短信之前，请确认你不是机器人。",
            box: "我不是机器人",
            proceed: "继续",
            note: "此复选框仅用于演示。正式产品会在这里显示 Turnstile、hCaptcha 或 reCAPTCHA 等人机验证。"
        ),
        code: Code(
            title: "输入验证码",
            lead: "我们已向 {number} 发送 {length} 位验证码。",
            overTitle: "获取新的验证码",
            overLead: "发送到 {number} 的验证码已无法使用。",
            code: "验证码",
            verify: "验证",
            attempt: "还可尝试 1 次",
            attempts: "还可尝试 {count} 次",
            expires: "{wait} 后失效",
            resend: "重新发送",
            resendIn: "{wait} 后可重新发送",
            renew: "发送新的验证码",
            otherNumber: "使用其他号码"
        ),
        registered: Registered(
            created: "账号已创建",
            returned: "欢迎回来",
            stayed: "我的账号",
            lead: "你的手机号码已通过验证。",
            number: "手机号码",
            verified: "已验证",
            change: "更换号码",
            signOut: "退出"
        ),
        recovery: Recovery(
            open: "使用恢复码登录",
            title: "使用恢复码",
            lead: "请输入账号的手机号码和一个尚未使用的恢复码。",
            code: "恢复码",
            signIn: "登录",
            back: "改用短信验证码",
            recovered: "你已使用恢复码登录。",
            codes: "恢复码",
            missing: "尚未创建",
            remaining: "剩余 {count} 个（共 {total} 个）",
            create: "创建恢复码",
            replace: "更换恢复码",
            replaceNote: "更换后，以前的恢复码将失效。",
            codesTitle: "保存恢复码",
            codesLead: "无法接收短信时，可使用恢复码登录。每个恢复码只能使用一次。",
            codesNote: "恢复码仅在此时显示。请保存到密码管理器，或打印本页。以前的恢复码已失效。",
            done: "我已保存恢复码"
        ),
        inbox: Inbox(
            title: "短信",
            lead: "这部手机显示演示程序的短信。",
            empty: "还没有短信。请求验证码后，短信会出现在这里。",
            recipient: "收件人 {number}",
            use: "填入验证码",
            refresh: "刷新",
            open: "打开完整收件箱"
        ),
        notices: .chinese,
        changeMessage: "【{brand}】你的账号的手机号码已更换为尾号 {end} 的号码。如非本人操作，请联系客服。"
    )
}

extension PageTexts.Notices {
    /// The notices in simplified Chinese.
    static let chinese = Self(
        emptyNumber: "请输入手机号码。",
        invalidNumber: "这不是所选国家或地区的手机号码，请检查。",
        shortNumber: "号码太短，请检查是否缺少数字。",
        longNumber: "号码太长，请检查数字。",
        severalNumbers: "请只输入一个手机号码。",
        numberExtension: "请输入不带分机号的号码。",
        destination: "无法向此号码发送验证码，请使用手机号码。",
        ownNumber: "这已经是你账号的号码。",
        incorrectCode: "验证码不正确。请查看最新的短信，然后重试。",
        malformedCode: "验证码为 {length} 位数字。本次输入不计入尝试次数。",
        expired: "此验证码已失效，请重新获取。",
        attemptsExhausted: "此验证码的错误次数过多，请重新获取。",
        resendsExhausted: "此验证码的发送次数过多，请重新获取。",
        cooldown: "刚刚已向此号码发送验证码，{wait} 后可再次获取。",
        sendLimit: "向此号码发送的验证码过多，请在 {wait} 后重试。",
        locked: "此号码的错误次数过多，请在 {wait} 后重试。",
        disabled: "错误次数过多，此号码已被锁定。请联系客服解锁。",
        blocked: "目前无法发送验证码，请稍后重试。",
        blockedFor: "目前无法发送验证码，请在 {wait} 后重试。",
        delivery: "短信发送失败。请检查号码，或稍后重试。",
        deliveryFor: "短信发送失败。请检查号码，或在 {wait} 后重试。",
        unavailable: "服务暂时不可用。你的操作没有丢失，请稍后重试。",
        checkFailed: "请勾选复选框以继续。",
        outdated: "页面已过期，请重试。",
        sent: "短信已重新发送，可能需要一分钟送达。",
        delayed: "短信可能会延迟。如果没有收到，请重新获取。",
        changed: "手机号码已更换，我们已通知 {number}。",
        changedSilently: "手机号码已更换，但未能向 {number} 发送通知短信。",
        taken: "新号码属于其他账号，因此没有更换。",
        recoveryRefused: "手机号码与恢复码不匹配，或恢复码已使用过。请检查后重试。",
        malformedRecovery: "恢复码由 {length} 位字母和数字组成。本次输入不计入尝试次数。",
        recoveryLocked: "恢复码的错误次数过多，请在 {wait} 后重试。"
    )
}
