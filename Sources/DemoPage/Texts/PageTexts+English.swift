// SPDX-License-Identifier: Apache-2.0

extension PageTexts {
    /// The English texts.
    static let english = PageTexts(
        frame: Frame(
            language: "English",
            demo: "Demo: everything runs on this machine, and no SMS is sent.",
            error: "Error",
            offline: "The demo does not respond. Check that it is still running, and try again.",
            cookies: "Your browser did not return the cookie of this page. Allow cookies, and try again."
        ),
        number: Number(
            title: "Create your account",
            lead: "Enter your phone number. We will text you a code to confirm that it is yours.",
            changeTitle: "Change your number",
            changeLead: "We will text a code to the new number, and notify {number} of the change.",
            region: "Country or region",
            common: "Common",
            all: "All countries and regions",
            number: "Phone number",
            send: "Send code",
            risk: "Text messages are less secure than a passkey: anyone who takes over your number can read them.",
            keep: "Keep my number"
        ),
        check: Check(
            title: "One more step",
            lead: "Before we text {number}, please confirm that you are a person.",
            box: "I am a person",
            proceed: "Continue",
            note:
                "This box is the check of the demo. A product shows a check such as Turnstile, hCaptcha or reCAPTCHA here."
        ),
        code: Code(
            title: "Enter the code",
            lead: "We texted a {length}-digit code to {number}.",
            overTitle: "Get a new code",
            overLead: "The code that we texted to {number} can no longer be used.",
            code: "Verification code",
            verify: "Verify",
            attempt: "1 attempt left",
            attempts: "{count} attempts left",
            expires: "Expires in {wait}",
            resend: "Send the code again",
            resendIn: "Send again in {wait}",
            renew: "Send a new code",
            otherNumber: "Use another number"
        ),
        registered: Registered(
            created: "Your account is ready",
            returned: "Welcome back",
            stayed: "Your account",
            lead: "Your phone number is confirmed.",
            number: "Phone number",
            verified: "Verified",
            change: "Change number",
            signOut: "Sign out"
        ),
        recovery: Recovery(
            open: "Use a recovery code instead",
            title: "Use a recovery code",
            lead: "Enter the phone number of your account, and one of your unused recovery codes.",
            code: "Recovery code",
            signIn: "Sign in",
            back: "Text me a code instead",
            recovered: "You signed in with a recovery code.",
            codes: "Recovery codes",
            missing: "Not created yet",
            remaining: "{count} of {total} left",
            create: "Create recovery codes",
            replace: "Replace recovery codes",
            replaceNote: "Your earlier codes will no longer work.",
            codesTitle: "Save your recovery codes",
            codesLead: "If you cannot receive text messages, each of these codes signs you in once.",
            codesNote: "We show the codes only now. Store them in a password manager, or print this page. "
                + "Earlier codes no longer work.",
            done: "I have saved the codes"
        ),
        inbox: Inbox(
            title: "Messages",
            lead: "This phone shows the messages of the demo.",
            empty: "No messages yet. Request a code, and it arrives here.",
            recipient: "To {number}",
            use: "Use code",
            refresh: "Refresh",
            open: "Open the full inbox"
        ),
        notices: .english,
        changeMessage: "{brand}: the phone number of your account was changed to a number that ends in {end}. "
            + "If this was not you, contact support."
    )
}

extension PageTexts.Notices {
    /// The English notices.
    static let english = Self(
        emptyNumber: "Enter your phone number.",
        invalidNumber: "This is not a phone number of the selected country. Check the number.",
        shortNumber: "This number is too short. Check that no digit is missing.",
        longNumber: "This number is too long. Check the digits.",
        severalNumbers: "Enter one phone number only.",
        numberExtension: "Enter the number without an extension.",
        destination: "We cannot send codes to this number. Use a mobile number.",
        ownNumber: "This is already the number of your account.",
        incorrectCode: "That code is not right. Check the newest message, and try again.",
        malformedCode: "A code has {length} digits. This attempt does not count.",
        expired: "This code is no longer valid. Request a new one.",
        attemptsExhausted: "There were too many wrong attempts for this code. Request a new one.",
        resendsExhausted: "This code was sent too often. Request a new one.",
        cooldown: "We have just sent a code to this number. You can request another one in {wait}.",
        sendLimit: "We have sent too many codes to this number. Try again in {wait}.",
        locked: "There were too many wrong codes for this number. Try again in {wait}.",
        disabled: "This number is locked after too many wrong codes. Contact support to unlock it.",
        blocked: "We cannot send a code right now. Try again later.",
        blockedFor: "We cannot send a code right now. Try again in {wait}.",
        delivery: "The message could not be sent. Check the number, or try again later.",
        deliveryFor: "The message could not be sent. Check the number, or try again in {wait}.",
        unavailable: "The service is not available right now. Nothing was lost: try again in a moment.",
        checkFailed: "Please tick the box to continue.",
        outdated: "This page was out of date. Please try again.",
        sent: "We sent another message. It can take a minute to arrive.",
        delayed: "The message may be delayed. If it does not arrive, request another one.",
        changed: "Your number was changed. We notified {number}.",
        changedSilently: "Your number was changed. The message to {number} could not be sent.",
        taken: "The new number belongs to another account, so your number was not changed.",
        recoveryRefused: "This number and this recovery code do not match, or the code was used before. "
            + "Check both, and try again.",
        malformedRecovery: "A recovery code has {length} letters and digits. This attempt does not count.",
        recoveryLocked: "There were too many failed attempts with recovery codes. Try again in {wait}."
    )
}
