// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@Suite struct RegionTests {
    /// Example numbers and their regions, from libphonenumber 9.0.43.
    static let table = """
        +8613123456789 CN;+85251234567 HK;+85366123456 MO;+886912345678 TW;+6581234567 SG;+819012345678 JP
        +821020000000 KR;+918123456789 IN;+62812345678 ID;+60123456789 MY;+66812345678 TH;+639051234567 PH
        +84912345678 VN;+447400123456 GB;+33612345678 FR;+4915123456789 DE;+34612345678 ES;+393123456789 IT
        +31612345678 NL;+46701234567 SE;+4740612345 NO;+358412345678 FI;+4534412345 DK;+48512345678 PL
        +380501234567 UA;+79123456789 RU;+77710009998 KZ;+905012345678 TR;+972502345678 IL;+971501234567 AE
        +966512345678 SA;+201001234567 EG;+27711234567 ZA;+2348021234567 NG;+254712123456 KE;+212650123456 MA
        +5511961234567 BR;+522221234567 MX;+5491123456789 AR;+573211234567 CO;+51912345678 PE;+56221234567 CL
        +61412345678 AU;+64211234567 NZ;+6797012345 FJ;+38343201234 XK;+262692123456 RE;+262639012345 YT
        +447781123456 GG;+447797712345 JE;+18762101234 JM;+18092345678 DO;+17872345678 PR;+15062345678 CA
        +12015550123 US;+12423591234 BS;+12462501234 BB;+18682911234 TT;+16713001234 GU;+16702345678 MP
        +16847331234 AS;+13406421234 VI;+17215205678 SX;+13453231234 KY;+14413701234 BM;+59995181234 CW
        +5993181234 BQ;+29051234 SH;+299221234 GL;+298211234 FO;+24740123 AC;+67077212345 TL;+970599123456 PS
        +8501921234567 KP;+9592123456 MM;+18765551234 JM;+16585551234 JM;+77012345678 KZ;+447911123456 GG
        +447624123456 IM;+441481256789 GG;+441534456789 JE;+441624756789 IM;+14165550123 CA;+18495551234 DO
        +390669812345 VA;+35818123456 AX;+4779123456 SJ;+61891621234 CC;+61891641234 CX;+5997151234 BQ
        """

    /// More numbers with calling codes that several regions share.
    static let shared = """
        +447924123456 GB;+447911223344 GB;+447829123456 JE;+447937123456 JE;+447509123456 JE;+447700712345 JE
        +447524123456 IM;+447839123456 GG;+212528912345 MA;+590590271234 BL;+590590871234 BL;+590690001234 GP
        +672106123 NF;+672381234 NF;+447700900123 GB;+19005550123 US;+18005550123 US;+15225550123 US
        """

    static func rows(_ text: String) -> [(String, String)] {
        text.split(whereSeparator: { $0 == ";" || $0 == "\n" })
            .map { row in
                let fields = row.split(separator: " ")
                return (String(fields[0]), String(fields[1]))
            }
    }

    @Test(arguments: Self.rows(Self.table) + Self.rows(Self.shared))
    func numberBelongsToTheRegionOfItsLongestPrefix(number: String, region: String) throws {
        let parsed = try PhoneNumber(number)
        #expect(parsed.region?.code == region)
        #expect(PhoneNumber(e164: number) == parsed)
        #expect(number.hasPrefix("+" + parsed.callingCode))
        #expect(Region(region) == parsed.region)
    }

    @Test func tableHasAllRegions() { #expect(Self.rows(Self.table).count >= 85) }

    @Test(arguments: [
        ("+80012345678", PhoneNumber.Kind.tollFree), ("+80812345678", .sharedCost), ("+870773123456", .satellite),
        ("+878101234567890", .voip), ("+881612345678", .satellite), ("+88213123456", .unknown),
        ("+883510012345", .voip), ("+88812345678901", .universalAccess), ("+979123456789", .premiumRate),
    ])
    func numberWithoutARegionHasItsKind(number: String, kind: PhoneNumber.Kind) throws {
        let parsed = try PhoneNumber(number)
        #expect(parsed.region == nil)
        #expect(parsed.kind == kind)
        #expect(!parsed.belongs(to: Set(Region.all)))
    }

    /// The plan does not assign these numbers, so they may belong to any region with their calling code.
    @Test(arguments: [
        ("+15555550123", ["US", "AG", "VI"]), ("+76001234567", ["RU", "KZ"]),
        ("+449912345678", ["GB", "GG", "IM", "JE"]),
        ("+390347123456", ["IT", "VA"]),
    ])
    func numberOfNoKnownRegionBelongsToAllRegionsOfItsCode(number: String, regions: [String]) throws {
        let parsed = try PhoneNumber(number)
        #expect(parsed.region == nil && parsed.kind == .unknown)
        let all = Set(Region.all.filter { $0.callingCode == parsed.callingCode })
        #expect(all.isSuperset(of: regions.compactMap { Region($0) }))
        #expect(parsed.belongs(to: all))
        #expect(parsed.belongs(to: Set(Region.all)))
        for region in all { #expect(!parsed.belongs(to: all.subtracting([region]))) }
    }

    @Test(arguments: [
        ("+447012345678", "GB", PhoneNumber.Kind.personal), ("+449012345678", "GB", .premiumRate),
        ("+448712345678", "GB", .premiumRate), ("+447640123456", "GB", .pager), ("+33891123456", "FR", .premiumRate),
        ("+499001234567", "DE", .premiumRate), ("+611900123456", "AU", .premiumRate),
        ("+34803123456", "ES", .premiumRate),
        ("+442079460000", "GB", .fixedLine), ("+6561234567", "SG", .fixedLine),
        ("+12025550123", "US", .fixedLineOrMobile),
        ("+6591234567", "SG", .mobile), ("+8613800138000", "CN", .mobile), ("+448001234567", "GB", .tollFree),
        ("+443301234567", "GB", .universalAccess), ("+445612345678", "GB", .voip), ("+33801234567", "FR", .tollFree),
    ])
    func numberHasTheKindOfItsPrefix(number: String, region: String, kind: PhoneNumber.Kind) throws {
        let parsed = try PhoneNumber(number)
        #expect(parsed.region?.code == region)
        #expect(parsed.kind == kind)
        #expect(PhoneNumber.Kind(name: kind.description) == kind)
    }

    @Test(arguments: [
        "UK", "ZZ", "AQ", "", "C", "CHN", "-", "c1", "ß", "ＣＮ", "C\u{301}", "EU", "AQ ", "001",
    ])
    func codeWithoutTelephoneNumbersIsNoRegion(code: String) { #expect(Region(code) == nil) }

    @Test func regionIsReadInAnyCase() {
        #expect(Region("cn") == .mainlandChina)
        #expect(Region("jm")?.callingCode == "1")
        #expect(Region("VA")?.callingCode == "39")
    }

    @Test func everyNamedRegionIsInTheTable() {
        let named: [Region] = [
            .mainlandChina, .hongKong, .macao, .taiwan, .singapore, .unitedStates, .canada, .unitedKingdom,
        ]
        for region in named { #expect(Region(region.code) == region) }
        #expect(Set(Region.all).count == Region.all.count)
        #expect(Region.all.count == 245)
        #expect(Region.all.allSatisfy { !$0.callingCode.isEmpty && Region($0.code) == $0 })
    }
}
