// SPDX-License-Identifier: Apache-2.0

import HTMLPages

extension PageView {
    /// Returns the form for a phone number and a recovery code.
    func recoveryStep(_ screen: NumberScreen) -> HTML {
        let texts = self.texts.recovery
        let form = self.form(
            "recover",
            """
            \(self.numberInputs(screen))
            <label for="recovery">\(texts.code)</label>
            <input id="recovery" name="recovery" class="recovery" type="text" autocomplete="off" autocapitalize="characters" \
            spellcheck="false" required maxlength="40"\(self.autofocus(.recovery))\
            \(self.description(of: .recovery))>
            \(self.noticeHTML(for: .recovery))
            <button class="primary">\(texts.signIn)</button>
            """
        )
        return """
            \(self.head("\(texts.lead)"))
            \(form)
            \(self.form("back", named: "plain", #"<button class="link">\#(texts.back)</button>"#))
            """
    }

    /// Returns the page with new recovery codes.
    func codesStep(_ codes: [RecoveryCode]) -> HTML {
        let texts = self.texts.recovery
        let items = codes.map { #"<li><code>\#($0.grouped)</code></li>"# as HTML }
        return """
            \(self.head("\(texts.codesLead)"))
            <ol class="codes" aria-label="\(texts.codes)">\(.joined(items))</ol>
            <p class="small">\(texts.codesNote)</p>
            \(self.form("back", #"<button class="primary">\#(texts.done)</button>"#))
            """
    }
}
