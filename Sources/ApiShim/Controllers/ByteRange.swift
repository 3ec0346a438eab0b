/// The part of a file that a request asks for (RFC 9110, 14.1.2).
enum ByteRange: Equatable {
    case whole
    case part(ClosedRange<Int>)
    case unsatisfiable

    /// - Parameter header: the value of Range; one that is not understood, or asks for several parts, means the whole.
    init(_ header: String?, size: Int) {
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else {
            self = .whole
            return
        }
        let ends = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.trimmingPrefix { $0 == " " } }
        guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
            self = .whole
            return
        }
        self = Self.resolved(
            ends[0].isEmpty ? nil : Int(ends[0]) ?? .max, ends[1].isEmpty ? nil : Int(ends[1]) ?? .max, size)
    }

    private static func resolved(_ first: Int?, _ last: Int?, _ size: Int) -> ByteRange {
        switch (first, last) {
        case (nil, nil): return .whole
        case (nil, let count?):
            return count == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - count)...(size - 1))
        case (let first?, let last):
            if let last, last < first { return .whole }
            return first < size ? .part(first...min(last ?? .max, size - 1)) : .unsatisfiable
        }
    }
}
