import FoundationEssentials

/// What the end of a dump tells.
struct ForeignDumpEnd {
    let completeness: ForeignDump.Completeness
    let reason: String?
    /// From `-- Dump completed on …`.
    let date: Date?

    private static let mark = "-- Dump completed"

    /// - Parameters:
    ///   - damage: what is wrong with the compressed file.
    ///   - failure: what kept the text from being read.
    init(tool: ForeignDump.Tool, tail: [UInt8], frame: ForeignDumpFrame, damage: GzipError?, failure: String?) {
        let line = Self.lastLine(of: tail)
        let isMarked = damage == nil && line.hasPrefix(Self.mark)
        date = isMarked ? Self.date(in: line) : nil
        if let damage {
            (completeness, reason) = (.incomplete, "\(damage)")
        } else if let failure {
            (completeness, reason) = (isMarked ? .unknown : .incomplete, failure)
        } else if isMarked {
            (completeness, reason) = (.complete, nil)
        } else {
            (completeness, reason) = Self.judge(tool, frame)
        }
    }

    private static func judge(
        _ tool: ForeignDump.Tool, _ frame: ForeignDumpFrame
    ) -> (ForeignDump.Completeness, String?) {
        switch (tool, frame.isClosed) {
        case (.mysqldump, _), (.mariadbDump, _), (.sysnddCtl, _):
            (.incomplete, "its last line is not \"\(mark)\", with which \(tool.rawValue) ends")
        case (.mydumper, _):
            (.unknown, "mydumper does not mark the end of its files, so rows at the end may be missing")
        case (_, true?): (.complete, nil)
        case (_, false?): (.incomplete, "its last statement does not put back the settings that its first ones saved")
        case (_, nil): (.unknown, "nothing marks its end")
        }
    }

    private static func lastLine(of tail: [UInt8]) -> Substring {
        let text = String(decoding: tail, as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).last { $0.contains { !$0.isWhitespace } } ?? ""
    }

    /// `-- Dump completed on 2024-03-05  9:01:02`: the hour is padded with a space.
    private static func date(in line: Substring) -> Date? {
        let parts = line.dropFirst(mark.count).split(separator: " ")
        guard parts.count >= 3, parts[0] == "on" else { return nil }
        let hour = parts[2].prefix(8)
        return try? Date("\(parts[1])T\(hour.count == 7 ? "0" : "")\(hour)Z", strategy: .iso8601)
    }
}
