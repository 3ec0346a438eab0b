import Foundation

/// Bodies as they were before they were sent (RFC 2045, 6).
enum TransferEncoding {
    static func decode(_ bytes: ArraySlice<UInt8>, _ encoding: String) -> [UInt8] {
        switch encoding.lowercased() {
        case "base64": Array(Data(base64Encoded: Data(bytes), options: .ignoreUnknownCharacters) ?? Data())
        case "quoted-printable": quotedPrintable(bytes)
        default: Array(bytes)
        }
    }

    /// What is no valid code is left as it is.
    static func quotedPrintable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "=") else {
                result.append(byte)
                continue
            }
            let next = bytes[index..<min(index + 2, bytes.endIndex)]
            if next.first == 10 {
                index += 1
            } else if next.elementsEqual([13, 10]) {
                index += 2
            } else if next.count == 2, let value = UInt8(String(decoding: next, as: UTF8.self), radix: 16) {
                result.append(value)
                index += 2
            } else {
                result.append(byte)
            }
        }
        return result
    }

    /// UTF-8 and its subset, and Latin-1 with its relatives; anything else is read as UTF-8.
    static func text(_ bytes: [UInt8], charset: String) -> String {
        ["iso-8859-1", "latin1", "windows-1252", "iso-8859-15"].contains(charset)
            ? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
            : String(decoding: bytes, as: UTF8.self)
    }
}
