// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages
import SMSKit

extension PageView {
    var texts: PageTexts { self.language.texts }

    /// The HTML of the whole page.
    var html: HTML {
        """
        <!doctype html>
        <html lang="\(self.language.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(self.title)</title>
        \(PageStyle.icon)
        <link rel="stylesheet" href="/demo/page.css">
        <script type="module" src="/demo/page.js"></script>
        </head>
        <body data-offline="\(self.texts.frame.offline)">
        <header class="bar">
        <p class="brand">\(PageStyle.logo)swift-otp</p>
        <p class="hint">\(self.texts.frame.demo)</p>
        <nav class="languages" aria-label="Language / 语言">\(.joined(PageLanguage.allCases.map(self.languageLink)))</nav>
        </header>
        <main>
        <div class="card" id="card" data-form="\(self.formID)">
        \(self.content)
        </div>
        \(self.inboxHTML)
        </main>
        <p class="hidden" id="news" role="status"></p>
        </body>
        </html>

        """
    }

    /// The title of the page.
    ///
    /// If the notice is an error, the title starts with the word for "error" in the language of the page. A screen reader then
    /// announces the error first.
    private var title: String {
        let name = "\(self.heading) – swift-otp"
        return self.notice?.tone == .error ? "\(self.texts.frame.error): \(name)" : name
    }

    private var heading: String {
        switch self.screen {
        case .number(let screen):
            screen.present == nil ? self.texts.number.title : self.texts.number.changeTitle
        case .check: self.texts.check.title
        case .code(let screen): screen.isOver ? self.texts.code.overTitle : self.texts.code.title
        case .registered(let screen):
            switch screen.arrival {
            case .created: self.texts.registered.created
            case .returned, .recovered: self.texts.registered.returned
            case .stayed: self.texts.registered.stayed
            }
        case .recovery: self.texts.recovery.title
        case .codes: self.texts.recovery.codesTitle
        }
    }

    private func languageLink(_ language: PageLanguage) -> HTML {
        let name = language.texts.frame.language
        let current: HTML = language == self.language ? #" aria-current="true""# : ""
        return
            #"<a href="/demo?lang=\#(language.rawValue)" lang="\#(language.rawValue)" hreflang="\#(language.rawValue)"\#(current)>\#(name)</a>"#
    }

    private var content: HTML {
        switch self.screen {
        case .number(let screen): self.numberStep(screen)
        case .check(let number): self.checkStep(number)
        case .code(let screen): self.codeStep(screen)
        case .registered(let screen): self.registeredStep(screen)
        case .recovery(let screen): self.recoveryStep(screen)
        case .codes(let codes): self.codesStep(codes)
        }
    }

    // MARK: Parts

    /// Returns the heading and the explanation of a step.
    func head(_ lead: HTML) -> HTML {
        """
        <h1 tabindex="-1" id="title">\(self.heading)</h1>
        <p class="lead">\(lead)</p>
        \(self.noticeHTML(for: nil))
        """
    }

    /// Returns the notice for an input field.
    ///
    /// - Parameter field: The input field; `nil` for a notice without an input field.
    /// - Returns: The notice; `nil` if there is no such notice.
    func noticeHTML(for field: Notice.Field?) -> HTML? {
        guard let notice = self.notice, notice.field == field else { return nil }
        let role: HTML = notice.tone == .error ? "alert" : "status"
        let name: HTML = field == nil ? "notice" : "message"
        return
            #"<p class="\#(name) \#(notice.tone.rawValue)" id="notice" role="\#(role)">\#(self.text(of: notice))</p>"#
    }

    /// Returns the attributes by which an input field refers to its notice and to other descriptions.
    ///
    /// - Parameters:
    ///   - field: The input field.
    ///   - others: The IDs of other elements that describe the input field.
    /// - Returns: The attributes, each with a leading space.
    func description(of field: Notice.Field, _ others: String = "") -> HTML {
        let isInvalid = self.notice?.field == field && self.notice?.tone == .error
        let isDescribed = self.notice.map { $0.field == nil || $0.field == field } ?? false
        let ids = (isDescribed ? ["notice"] : []) + (others.isEmpty ? [] : [others])
        let list: HTML? = ids.isEmpty ? nil : #" aria-describedby="\#(ids.joined(separator: " "))""#
        return isInvalid ? #"\#(list) aria-invalid="true""# : #"\#(list)"#
    }

    /// Returns the attribute `autofocus` if the input field has the focus when the page opens.
    ///
    /// The field of the recovery code has the focus if the notice is about this field. Otherwise, the field of the phone number
    /// has the focus.
    ///
    /// - Parameter field: The field of the phone number or of the recovery code.
    /// - Returns: The attribute with a leading space, or an empty text.
    func autofocus(_ field: Notice.Field) -> HTML {
        let focused: Notice.Field = self.notice?.field == .recovery ? .recovery : .number
        return field == focused ? " autofocus" : ""
    }

    /// Returns a form that posts to a route of the page.
    ///
    /// - Parameters:
    ///   - action: The last component of the path.
    ///   - name: The CSS class of the form; empty for no class.
    ///   - content: The inputs and the button.
    /// - Returns: The form.
    func form(_ action: HTML, named name: HTML = "main", _ content: HTML) -> HTML {
        """
        <form method="post" action="/demo/\(action)" class="\(name)" novalidate>
        <input type="hidden" name="form" value="\(self.formID)">
        \(content)
        </form>
        """
    }

    /// Returns a countdown to a time, such as `0:45`.
    func countdown(to end: Date, _ name: HTML = "wait") -> HTML {
        let seconds = self.seconds(to: end)
        return
            #"<time class="\#(name)" role="timer" datetime="PT\#(seconds)S" data-seconds="\#(seconds)">\#(Self.clock(seconds))</time>"#
    }

    /// Returns the whole seconds until a time, rounded up.
    func seconds(to end: Date) -> Int { max(0, Int(end.timeIntervalSince(self.now).rounded(.up))) }

    /// Returns a duration as minutes and seconds, with hours if necessary.
    static func clock(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (minutes, hours) = (seconds / 60 % 60, seconds / 3600)
        return hours > 0
            ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(seconds / 60):\(two(seconds % 60))"
    }
}
