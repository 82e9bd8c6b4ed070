// SPDX-License-Identifier: Apache-2.0

/// The common style of all pages: colors, texts, cards, forms, buttons and notices.
package enum PageStyle {
    /// The bytes of the style sheet.
    package static var base: [UInt8] { PackageResources.base_css }

    /// The HTML element with the icon of all pages.
    package static let icon: HTML = """
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
        %3Crect width='32' height='32' rx='8' fill='%233157d5'/%3E%3Cpath d='M10 16.5l4 4 8-9' fill='none' \
        stroke='%23fff' stroke-width='3'/%3E%3C/svg%3E">
        """

    /// The logo in the header of all pages.
    package static let logo: HTML = """
        <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/>\
        <path d="M9.5 16.5l4.5 4.5 8.5-10"/></svg>
        """
}
