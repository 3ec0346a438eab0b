import Foundation

/// Texts of header fields that are not ASCII (RFC 2047): `=?utf-8?B?…?=`.
enum EncodedWords {
    static func decode(_ text: String) -> String {
        var result = ""
        var bytes: [UInt8] = []
        var rest = text[...]
        // Bytes of neighbouring words belong together: a character may be cut in two. Blanks between them do not count.
        while let open = rest.range(of: "=?"), let word = word(in: rest[open.lowerBound...]) {
            let between = rest[..<open.lowerBound]
            if bytes.isEmpty || !between.allSatisfy(\.isWhitespace) {
                result += String(decoding: bytes, as: UTF8.self) + between
                bytes = []
            }
            bytes += word.bytes
            rest = rest[word.end...]
        }
        return result + String(decoding: bytes, as: UTF8.self) + rest
    }

    private static func word(in text: Substring) -> (bytes: [UInt8], end: String.Index)? {
        let parts = text.dropFirst(2).split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[3].first == "=", !parts[2].contains(where: \.isWhitespace) else { return nil }
        let end = text.index(after: parts[3].startIndex)
        let content = String(parts[2])
        switch parts[1].uppercased() {
        case "B": return Data(base64Encoded: content).map { (utf8(Array($0), parts[0]), end) }
        case "Q":
            let spaced = Array(content.replacing("_", with: " ").utf8)
            return (utf8(TransferEncoding.quotedPrintable(spaced[...]), parts[0]), end)
        default: return nil
        }
    }

    private static func utf8(_ bytes: [UInt8], _ charset: Substring) -> [UInt8] {
        Array(TransferEncoding.text(bytes, charset: charset.lowercased()).utf8)
    }
}
