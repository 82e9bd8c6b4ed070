// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTMLPages
import OTP
import SMSKit
import Testing

@testable import DemoPage

/// Tests of the HTML of the page for each state of the page.
@Suite(.timeLimit(.minutes(1))) struct RenderingTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let later = Self.now + 75

    /// All notices, including at least one notice for each input field.
    private static let notices: [Notice] = [
        .emptyNumber, .invalidNumber, .shortNumber, .longNumber, .severalNumbers, .numberExtension, .destination,
        .ownNumber, .incorrectCode, .malformedCode(length: 6), .expired, .attemptsExhausted, .resendsExhausted,
        .cooldown(until: Self.later), .sendLimit(until: Self.later), .locked(until: Self.later), .disabled,
        .blocked(until: Self.later), .blocked(until: nil), .delivery(until: Self.later), .delivery(until: nil),
        .unavailable, .checkFailed, .outdated, .cookies, .sent, .delayed,
        .changed(from: DemoSite.number, isNotified: true),
        .changed(from: DemoSite.number, isNotified: false), .taken,
        .recoveryRefused, .malformedRecovery, .recoveryLocked(until: Self.later),
    ]

    private static func codeScreen(isOver: Bool = false) -> PageView.CodeScreen {
        PageView.CodeScreen(
            number: DemoSite.number,
            length: 6,
            attemptsRemaining: 1,
            expiresAt: Self.now + 300,
            resendAt: Self.now + 45,
            isOver: isOver
        )
    }

    private static let screens: [PageView.Screen] = [
        .number(PageView.NumberScreen(region: .singapore)),
        .number(PageView.NumberScreen(region: .mainlandChina, typed: "138", present: DemoSite.number)),
        .check(DemoSite.number), .code(Self.codeScreen()), .code(Self.codeScreen(isOver: true)),
        .registered(PageView.RegisteredScreen(number: DemoSite.number)),
        .registered(PageView.RegisteredScreen(number: DemoSite.number, arrival: .returned)),
        .registered(PageView.RegisteredScreen(number: DemoSite.number, arrival: .stayed, codesRemaining: 8)),
        .registered(PageView.RegisteredScreen(number: DemoSite.number, arrival: .recovered, codesRemaining: 0)),
        .recovery(PageView.NumberScreen(region: .singapore)), .codes((1...8).map { _ in .random() }),
    ]

    private static func view(
        _ screen: PageView.Screen,
        _ notice: Notice? = nil,
        _ language: PageLanguage = .english,
        inbox: InboxView = InboxView()
    ) -> PageView {
        PageView(
            language: language,
            formID: "the-form",
            screen: screen,
            notice: notice,
            inbox: inbox,
            now: Self.now
        )
    }

    /// Returns a screen with the input field to which a notice belongs.
    private static func screen(for notice: Notice) -> PageView.Screen {
        switch notice.field {
        case .code: .code(Self.codeScreen())
        case .check: .check(DemoSite.number)
        case .recovery: .recovery(PageView.NumberScreen(region: .singapore))
        default: .number(PageView.NumberScreen(region: .singapore))
        }
    }

    @Test(arguments: PageLanguage.allCases)
    func everyNoticeIsShownOnceInItsLanguage(language: PageLanguage) throws {
        var texts: Set<String> = []
        for notice in Self.notices {
            let page = Self.view(Self.screen(for: notice), notice, language).html.text
            let matches = page.matches(of: /(?s)id="notice" role="(alert|status)">(.*?)<\/p>/)
            try #require(matches.count == 1, "\(notice)")
            let text = String(matches[0].2)
            #expect(!text.contains("{") && text.count > 5, "\(notice)")
            #expect((matches[0].1 == "alert") == (notice.tone == .error), "\(notice)")
            #expect(page.contains("<title>\(language.texts.frame.error)") == (notice.tone == .error), "\(notice)")
            #expect(texts.insert(text).inserted, "\(notice)")
        }
        let hasWait = Self.notices.filter { Self.view(Self.screens[0]).text(of: $0).text.contains("1:15</time>") }
        #expect(hasWait.count == 6)
    }

    @Test func noticeAboutAnInputDescribesIt() {
        for notice in Self.notices where notice.field != nil {
            let page = Self.view(Self.screen(for: notice), notice).html.text
            #expect(
                page.contains(/aria-describedby="notice[ "]/) && page.contains("aria-invalid=\"true\""),
                "\(notice)"
            )
        }
        #expect(!Self.view(Self.screens[0]).html.text.contains("aria-invalid"))
        // The form for a recovery code has two inputs, and only one of them is wrong.
        for notice in [Notice.recoveryRefused, .emptyNumber] {
            let page = Self.view(.recovery(PageView.NumberScreen(region: .singapore)), notice).html.text
            #expect(page.matches(of: /aria-invalid="true"/).count == 1)
            #expect(page.matches(of: /aria-describedby="notice"/).count == 1, "\(notice)")
        }
    }

    @Test func textsOfUsersAreEscaped() {
        let attack = #""><script>alert('1')</script>&"#
        let screen = PageView.NumberScreen(region: .singapore, typed: attack)
        let message = DemoMessage(recipient: attack, text: "<b>Code</b> 123456 \(attack)", code: "123456")
        let inbox = InboxView(messages: [message], cursor: attack, url: "http://127.0.0.1:1/")
        let page = Self.view(.number(screen), inbox: inbox).html.text
        #expect(!page.contains("<script>alert") && !page.contains("<b>"))
        #expect(page.contains("value=\"&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;\""))
        #expect(page.contains("&lt;b&gt;Code&lt;/b&gt; <mark>123456</mark> &quot;&gt;"))
        #expect(HTML("{a} < {b} {c}", ["a": "<i>\("<")</i>", "b": "2"]).text == "<i>&lt;</i> &lt; 2 {c}")
    }

    @Test(arguments: PageLanguage.allCases)
    func everyInputHasALabelAndEveryFormItsID(language: PageLanguage) throws {
        for screen in Self.screens {
            let page = Self.view(screen, nil, language).html.text
            for match in page.matches(of: /<(input|select) id="([a-z]+)"/) {
                #expect(page.contains("<label for=\"\(match.2)\">"), "\(match.2)")
            }
            let forms = page.matches(of: /<form method="post" action="\/demo\/([a-z-]+)"/)
            #expect(page.matches(of: /name="form" value="the-form"/).count == forms.count && !forms.isEmpty)
            for form in forms { #expect(DemoAction.names.contains(String(form.1))) }
            #expect(page.matches(of: /<h1\b/).count == 1 && page.contains("<html lang=\"\(language.rawValue)\">"))
            #expect(!page.contains("{") && !page.contains("Optional("))
        }
    }

    @Test func pageHasNothingThatItsPolicyForbids() {
        let forbidden = #/ style=| on[a-z]+=|<style|javascript:|<script(?! type="module" src="/demo/page.js")/#
        let message = DemoMessage(recipient: "+6591234567", text: "Code 123456", code: "123456")
        for screen in Self.screens {
            let page = Self.view(screen, .sent, inbox: InboxView(messages: [message])).html.text
            #expect(!page.contains(forbidden))
            #expect(!page.contains(/(src|href)="https?:/))
        }
    }

    @Test func codeFieldIsKnownToBrowsers() {
        let page = Self.view(.code(Self.codeScreen())).html.text
        #expect(page.contains("inputmode=\"numeric\" autocomplete=\"one-time-code\""))
        #expect(page.contains("1 attempt left") && page.contains("6-digit code to <bdi class=\"number\">+65 9123 4567"))
        #expect(page.contains("data-seconds=\"300\">5:00</time>") && page.contains("data-seconds=\"45\">0:45</time>"))
        let over = Self.view(.code(Self.codeScreen(isOver: true)), .expired).html.text
        #expect(
            !over.contains("id=\"code\"") && over.contains("Send a new code") && over.contains(">Get a new code</h1>")
        )
    }

    @Test func pickerHasEveryRegionInBothLanguages() {
        for language in PageLanguage.allCases {
            let list = RegionList.named(in: language)
            #expect(Set(list.all.map(\.region)) == Set(Region.all) && list.common.count == 9)
            #expect(Set(list.all.map(\.name)).count == Region.all.count)
            #expect(!list.all.contains { $0.name == $0.region.code })
        }
        #expect(RegionList.named(in: .english).common.map(\.name).contains("Japan"))
        #expect(RegionList.named(in: .chinese).common.map(\.name).contains("日本"))
        let page = Self.view(.number(PageView.NumberScreen(region: .singapore))).html.text
        #expect(page.matches(of: #/ selected>/#).count == 1 && page.contains("selected>Singapore (+65)"))
    }

    @Test(arguments: [
        ("zh-CN,zh;q=0.9,en;q=0.8", PageLanguage.chinese, "CN"), ("en-GB,en", .english, "GB"),
        ("zh-Hant-TW", .english, "TW"), ("fr", .english, "SG"), ("de-DE, zh;q=0.5", .chinese, "DE"),
        ("en;q=0.9", .english, "SG"), ("", .english, "SG"),
    ])
    func languageAndRegionFollowTheBrowser(header: String, language: PageLanguage, region: String) {
        #expect(RegionList.region(acceptLanguage: header).code == region)
        if header != "zh-Hant-TW" { #expect(PageLanguage(acceptLanguage: header) == language) }
    }

    @Test func waitsAndNumbersAreReadable() {
        let waits = [0: "0:00", 9: "0:09", 75: "1:15", 3599: "59:59", 3600: "1:00:00", 90_061: "25:01:01"]
        for (seconds, text) in waits { #expect(PageView.clock(seconds) == text) }
        let numbers = [
            "+6591234567": "+65 9123 4567", "+8613800138000": "+86 138 0013 8000", "+12025550123": "+1 202 555 0123",
        ]
        for (number, text) in numbers { #expect(PhoneNumber(e164: number)?.grouped == text) }
    }

    @Test func everyErrorOfTheServiceHasANotice() {
        for code in OTPError.Code.all where code != .humanCheckRequired {
            var error = OTPError(code, "a message")
            let withoutWait = Notice(error, codeLength: 6, at: Self.now)
            error.retryAfter = .milliseconds(74_500)
            let withWait = Notice(error, codeLength: 6, at: Self.now)
            let isWait = [.rateLimited, .locked, .blocked, .deliveryFailed].contains(code)
            #expect((withWait != withoutWait) == isWait, "\(code)")
            if isWait {
                let text = Self.view(Self.screens[0]).text(of: withWait).text
                #expect(text.contains("1:15</time>"), "\(code)")
            }
        }
        var error = OTPError(.rateLimited, "")
        #expect(Notice(error, codeLength: 6, at: Self.now) == .resendsExhausted)
        error.retryAfter = .seconds(75)
        error.limit = .cooldown
        #expect(Notice(error, codeLength: 6, at: Self.now) == .cooldown(until: Self.later))
        error.limit = .sends(WindowLimit(5, per: .seconds(3600)))
        #expect(Notice(error, codeLength: 6, at: Self.now) == .sendLimit(until: Self.later))
    }
}
