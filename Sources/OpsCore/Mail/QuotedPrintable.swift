/// The encoding of RFC 2045, 6.7: text stays readable, every line is short and pure ASCII.
enum QuotedPrintable {
    private static let lineLength = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Encodes UTF-8 text. Line ends of any kind become CRLF.
    static func encode(_ text: String) -> [UInt8] {
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            .split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.map { encode(line: Array($0.utf8)) }.joined(separator: Array("\r\n".utf8)))
    }

    private static func encode(line: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var length = 0
        for (index, byte) in line.enumerated() {
            let token = encode(byte, isLast: index == line.count - 1, isFirst: length == 0)
            // One column is kept for the mark of a soft line break.
            if length + token.count > lineLength - 1 {
                output += Array("=\r\n".utf8)
                length = 0
            }
            output += token
            length += token.count
        }
        return output
    }

    /// Blanks at the end of a line get lost on the way; a dot or "From " at its start is changed by some servers.
    private static func encode(_ byte: UInt8, isLast: Bool, isFirst: Bool) -> [UInt8] {
        let isBlank = byte == 0x20 || byte == 0x09
        let isFragile = (isBlank && isLast) || (isFirst && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: "F")))
        let isPlain = isBlank || (33...126).contains(byte) && byte != UInt8(ascii: "=")
        if isPlain && !isFragile { return [byte] }
        return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
