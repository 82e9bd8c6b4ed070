/// Which region and kind a number belongs to, found by the longest prefix that the table holds.
///
/// It decides what a number *belongs to*, never whether someone has it. The facts are those of the ITU-T E.164 lists
/// and of the metadata of libphonenumber 9.0.43 (Apache-2.0).
struct CallingCodeTable: Sendable {
    /// What the table says of a number.
    struct Entry: Sendable {
        /// The number of digits of the calling code.
        var codeLength: Int
        var region: Region?
        var kind: PhoneNumber.Kind
    }

    static let shared = CallingCodeTable(Self.text)

    /// The regions of the table, in alphabetical order.
    let regions: [Region]

    /// The calling code of each region.
    let codes: [Region: String]

    /// The prefixes as a tree with a branch for each digit.
    private var prefixes = PrefixTree<Entry>()

    private init(_ text: String) {
        var codes: [Region: String] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count >= 2 else { continue }
            let region = fields[1] == "-" ? nil : Region(unchecked: String(fields[1]))
            let kind = fields.count > 2 ? PhoneNumber.Kind(rawValue: String(fields[2])) : nil
            let prefixes = fields.dropFirst(kind == nil ? 2 : 3)
            let entry = Entry(codeLength: fields[0].utf8.count, region: region, kind: kind ?? .geographic)
            for prefix in prefixes.isEmpty ? [""] : prefixes {
                self.prefixes.insert(entry, at: (fields[0] + prefix).utf8)
            }
            // The first line of a region wins: Vatican numbers are Italian ones, +379 was never opened.
            if let region, codes[region] == nil { codes[region] = String(fields[0]) }
        }
        self.codes = codes
        self.regions = codes.keys.sorted { $0.code < $1.code }
    }

    /// Looks a number up.
    ///
    /// - Parameter digits: The digits of the number, calling code first, without a plus sign.
    /// - Returns: The entry of the longest prefix, or `nil` if no one has the calling code.
    func entry(of digits: some Sequence<UInt8>) -> Entry? {
        self.prefixes.longestMatch(digits)
    }

    /// A line is a calling code, a region (`-` for none), a kind (left out if geographic) and the national prefixes.
    ///
    /// A line without prefixes holds for the rest of its calling code. An area code of the North American plan that is
    /// not listed counts as the United States, which opens several a year. Mobile numbers of +590 and +61 do not tell
    /// their islands apart and count as Guadeloupe and Australia.
    private static let text = """
        1 US
        1 CA 204 226 236 249 250 257 263 273 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474
        1 CA 506 514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873
        1 CA 879 902 905 942 600 622
        1 AG 268
        1 AI 264
        1 AS 684
        1 BB 246
        1 BM 441
        1 BS 242
        1 DM 767
        1 DO 809 829 849
        1 GD 473
        1 GU 671
        1 JM 658 876
        1 KN 869
        1 KY 345
        1 LC 758
        1 MP 670
        1 MS 664
        1 PR 787 939
        1 SX 721
        1 TC 649
        1 TT 868
        1 VC 784
        1 VG 284
        1 VI 340
        1 - service 500 521 522 523 524 525 526 527 528 529 533 544 566 577 588 700 710 800 833 844 855 866 877 888
        1 - premium 900
        7 RU
        7 KZ 6 7
        7 RU premium 803 809
        20 EG
        27 ZA
        30 GR
        30 GR premium 90
        31 NL
        31 NL premium 90
        32 BE
        32 BE premium 90
        33 FR
        33 FR premium 89
        34 ES
        34 ES premium 803 806 807
        36 HU
        36 HU premium 90 91
        39 IT
        39 VA 06698
        39 IT premium 89
        40 RO
        40 RO premium 90
        41 CH
        41 CH premium 90
        43 AT
        43 AT premium 90 93
        44 GB
        44 GG 1481 7781 7839 7911
        44 GB 79110 79112 79118
        44 JE 1534 7509 77003 77007 77008 7797 7829 7937
        44 IM 1624 74576 7524 7624 7924
        44 GB premium 70 90 91 98
        45 DK
        45 DK premium 90
        46 SE
        46 SE premium 900 939 944 99
        47 NO
        47 SJ 79
        47 NO premium 82
        48 PL
        48 PL premium 70
        49 DE
        49 DE premium 900 1377
        51 PE
        52 MX
        52 MX premium 900
        53 CU
        54 AR
        54 AR premium 60
        55 BR
        55 BR premium 900
        56 CL
        57 CO
        58 VE
        60 MY
        61 AU
        61 CC 89162
        61 CX 89164
        61 AU premium 19
        62 ID
        63 PH
        64 NZ
        64 NZ premium 90
        65 SG
        65 SG premium 19
        66 TH
        81 JP
        81 JP premium 990
        82 KR
        82 KR premium 60
        84 VN
        84 VN premium 190
        86 CN
        90 TR
        90 TR premium 900
        91 IN
        92 PK
        92 PK premium 90
        93 AF
        94 LK
        95 MM
        98 IR
        211 SS
        212 MA
        212 EH 5288 5289
        213 DZ
        216 TN
        218 LY
        220 GM
        221 SN
        222 MR
        223 ML
        224 GN
        225 CI
        226 BF
        227 NE
        228 TG
        229 BJ
        230 MU
        231 LR
        232 SL
        233 GH
        234 NG
        235 TD
        236 CF
        237 CM
        238 CV
        239 ST
        240 GQ
        241 GA
        242 CG
        243 CD
        244 AO
        245 GW
        246 IO
        247 AC
        248 SC
        249 SD
        250 RW
        251 ET
        252 SO
        253 DJ
        254 KE
        255 TZ
        256 UG
        257 BI
        258 MZ
        260 ZM
        261 MG
        262 RE
        262 YT 2689 269 639 7093
        263 ZW
        264 NA
        265 MW
        266 LS
        267 BW
        268 SZ
        269 KM
        290 SH
        290 TA 8
        291 ER
        297 AW
        298 FO
        299 GL
        350 GI
        351 PT
        351 PT premium 76 601 607
        352 LU
        353 IE
        354 IS
        354 IS premium 90
        355 AL
        356 MT
        357 CY
        357 CY premium 90
        358 FI
        358 AX 18
        358 FI premium 600 700
        359 BG
        359 BG premium 90
        370 LT
        371 LV
        372 EE
        372 EE premium 90
        373 MD
        374 AM
        374 AM premium 90
        375 BY
        376 AD
        377 MC
        378 SM
        379 VA
        380 UA
        380 UA premium 90
        381 RS
        381 RS premium 90 78
        382 ME
        383 XK
        385 HR
        385 HR premium 60 61 64 65 69
        386 SI
        386 SI premium 90
        387 BA
        387 BA premium 90
        389 MK
        420 CZ
        420 CZ premium 90 976
        421 SK
        421 SK premium 900 97 98
        423 LI
        500 FK
        501 BZ
        502 GT
        503 SV
        504 HN
        505 NI
        506 CR
        507 PA
        508 PM
        509 HT
        590 GP
        590 BL 59027
        590 MF 59087
        590 GP premium 89
        591 BO
        592 GY
        593 EC
        594 GF
        594 GF premium 89
        595 PY
        596 MQ
        596 MQ premium 89
        597 SR
        598 UY
        599 CW
        599 BQ 3 4 7
        670 TL
        672 NF
        672 AQ 1
        673 BN
        674 NR
        675 PG
        676 TO
        677 SB
        678 VU
        679 FJ
        680 PW
        681 WF
        682 CK
        683 NU
        685 WS
        686 KI
        687 NC
        688 TV
        689 PF
        690 TK
        691 FM
        692 MH
        800 - service
        808 - service
        850 KP
        852 HK
        852 HK premium 900
        853 MO
        855 KH
        856 LA
        870 - satellite
        878 - service
        880 BD
        881 - satellite
        882 - service
        883 - service
        886 TW
        886 TW premium 20
        888 - service
        960 MV
        961 LB
        962 JO
        963 SY
        964 IQ
        965 KW
        966 SA
        966 SA premium 925
        967 YE
        968 OM
        970 PS
        971 AE
        971 AE premium 90
        972 IL
        972 IL premium 19
        973 BH
        973 BH premium 90
        974 QA
        975 BT
        976 MN
        977 NP
        979 - premium
        992 TJ
        993 TM
        994 AZ
        994 AZ premium 90
        995 GE
        996 KG
        998 UZ
        """
}
