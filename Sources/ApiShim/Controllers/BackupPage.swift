import Hummingbird
import OpsCore

/// Which part of the list of backups is asked for, and that part.
struct BackupPage {
    /// Entries of a numbered page.
    static let size = 20
    static let maximumLimit = 500

    private struct Answer: Encodable {
        struct Links: Encodable {
            @EncodedAsNull var next: String?
        }

        struct Meta: Encodable {
            var totalCount: Int
            var totalSizeBytes: Int
        }

        var data: [BackupRecord]
        var total: Int
        var page: Int
        var pageSize: Int
        var limit: Int
        var offset: Int
        var links: Links
        var meta: Meta
    }

    private let isOldestFirst: Bool
    private let isNumbered: Bool
    private let limit: Int
    private let offset: Int

    /// - Throws: ``OperationError`` 400 `INVALID_SORT_PARAMETER`; HTTPError 400 for a number that is none.
    init(_ query: some Collection<(key: Substring, value: Substring)>) throws {
        func text(_ name: String) -> Substring? { query.first { $0.key == name }?.value }
        func number(_ name: String, _ allowed: ClosedRange<Int>) throws -> Int? {
            guard let given = text(name) else { return nil }
            guard let number = Int(given), number >= allowed.lowerBound else {
                throw HTTPError(.badRequest, message: "\(name) is a whole number, at least \(allowed.lowerBound)")
            }
            return min(number, allowed.upperBound)
        }
        switch text("sort") {
        case nil, "newest": isOldestFirst = false
        case "oldest": isOldestFirst = true
        default:
            throw OperationError(.badRequest, "INVALID_SORT_PARAMETER", "sort is newest or oldest")
        }
        let limit = try number("limit", 1...Self.maximumLimit)
        let offset = try number("offset", 0...Int.max / 2)
        let page = try number("page", 1...Int.max / 1000) ?? 1
        isNumbered = limit == nil && offset == nil
        self.limit = limit ?? Self.size
        self.offset = isNumbered ? (page - 1) * Self.size : offset ?? 0
    }

    /// - Parameter records: all backups, newest first.
    func answer(_ records: [BackupRecord]) -> some Encodable {
        let sorted = isOldestFirst ? records.reversed() : records
        return Answer(
            data: Array(sorted.dropFirst(offset).prefix(limit)), total: records.count, page: offset / limit + 1,
            pageSize: limit, limit: limit, offset: offset, links: .init(next: next(after: records.count)),
            meta: .init(totalCount: records.count, totalSizeBytes: records.reduce(0) { $0 + $1.sizeBytes }))
    }

    private func next(after total: Int) -> String? {
        guard offset + limit < total else { return nil }
        let place = isNumbered ? "page=\(offset / limit + 2)" : "limit=\(limit)&offset=\(offset + limit)"
        return "/api/backup/list?\(place)&sort=\(isOldestFirst ? "oldest" : "newest")"
    }
}
