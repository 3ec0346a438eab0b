import Crypto

/// SHA-256 of a statement's tokens: comments and white space do not count, `/*! … */` does.
enum StatementChecksum {
    static func of(_ text: [UInt8], dialect: ScriptDialect) -> String {
        var stream: [UInt8] = []
        stream.reserveCapacity(text.count + 64)
        text.withUnsafeBytes { bytes in
            var tokens = SQLTokens(bytes, dialect: dialect)
            while let range = tokens.nextRange() {
                stream.append(contentsOf: tokens.marks)
                stream.append(contentsOf: tokens.text(of: range))
                stream.append(0)
            }
        }
        return hexadecimal(SHA256.hash(data: stream))
    }

    /// The checksum of a sequence of statements.
    static func of(statements: [String]) -> String {
        hexadecimal(SHA256.hash(data: Array(statements.joined(separator: "\n").utf8)))
    }

    static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
