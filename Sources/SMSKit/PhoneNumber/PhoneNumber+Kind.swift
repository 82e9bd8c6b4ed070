// SPDX-License-Identifier: Apache-2.0

extension PhoneNumber {
    /// The kind of line that a number reaches, according to the numbering plan.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case unknown, mobile, fixedLine, fixedLineOrMobile, premiumRate, tollFree, sharedCost, voip, personal, pager
            case universalAccess, voicemail, satellite
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// Creates the kind with a name, or returns `nil` if no kind has this name.
        ///
        /// - Parameter name: A value of ``description``, such as `fixedLineOrMobile`.
        public init?(name: some StringProtocol) {
            guard let base = Base(rawValue: String(name)) else { return nil }
            self.base = base
        }

        /// A number of unknown kind, because the metadata contains only its length.
        ///
        /// The number may have been assigned after the release of the metadata.
        public static var unknown: Self { .init(.unknown) }
        /// A mobile telephone.
        public static var mobile: Self { .init(.mobile) }
        /// A landline.
        public static var fixedLine: Self { .init(.fixedLine) }
        /// A landline or a mobile telephone.
        ///
        /// Some numbering plans, such as the North American plan, use the same number ranges for landlines and mobile
        /// telephones.
        public static var fixedLineOrMobile: Self { .init(.fixedLineOrMobile) }
        /// A number that charges callers an extra fee.
        public static var premiumRate: Self { .init(.premiumRate) }
        /// A number that is free for callers.
        public static var tollFree: Self { .init(.tollFree) }
        /// A number whose costs are shared between the caller and the owner.
        public static var sharedCost: Self { .init(.sharedCost) }
        /// An Internet telephone (VoIP).
        public static var voip: Self { .init(.voip) }
        /// A personal number, which is forwarded to the owner's current line, often at a high price.
        public static var personal: Self { .init(.personal) }
        /// A pager.
        public static var pager: Self { .init(.pager) }
        /// A universal access number (UAN): a single number that reaches a company from everywhere in a region.
        public static var universalAccess: Self { .init(.universalAccess) }
        /// A voice mailbox.
        public static var voicemail: Self { .init(.voicemail) }
        /// A telephone of a satellite network or of a worldwide network.
        public static var satellite: Self { .init(.satellite) }

        /// Every kind.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name, such as `fixedLineOrMobile`.
        public var description: String { self.base.rawValue }
    }
}
