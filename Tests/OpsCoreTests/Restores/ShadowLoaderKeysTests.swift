import Testing

@testable import OpsCore

@Suite struct ShadowLoaderKeysTests {
    private let statement = """
        CREATE TABLE `t` (
          `id` int(11) NOT NULL,
          `a` int(11) DEFAULT NULL COMMENT 'x\\n  KEY `no` (`a`)',
          PRIMARY KEY (`id`),
          UNIQUE KEY `u` (`a`),
          KEY `k,``1` (`a`,`id`) COMMENT 'c',
          KEY `k2` (`a` DESC)
        ) ENGINE=InnoDB
        """

    @Test func indexesAreTakenInTheWordsThatMakeThem() {
        #expect(
            ShadowLoaderKeys.lines(of: ["k2", "k,`1"], in: statement) == [
                "KEY `k,``1` (`a`,`id`) COMMENT 'c'", "KEY `k2` (`a` DESC)",
            ])
    }

    /// A line that is not understood leaves the table as it is.
    @Test(arguments: [["k2"], ["k2", "k,`1", "k3"], ["k2", "k"]])
    func allOrNone(_ names: [String]) { #expect(ShadowLoaderKeys.lines(of: names, in: statement) == nil) }

    private func members(_ tables: [(String, Int)]) -> [ArchiveEntry] {
        let compressor = MemberCompressor()
        return tables.map { table, offset in
            ArchiveEntry(
                Array("x".utf8).withUnsafeBytes { compressor.compress($0, as: MemberLabel(.rows, object: table)) },
                at: offset)
        }
    }

    @Test func indexesAreHandedOutWhenTheLastRowsAreIn() throws {
        let keys = try #require(ShadowLoaderKeys.example("a"))
        let entries = members([("a", 0), ("a", 1), ("b", 2)])
        let queue = ShadowLoaderQueue(entries, keys: [keys])
        var order: [String] = []
        func take() -> ArchiveEntry? {
            switch queue.next() {
            case .rows(let entry):
                order.append("rows of \(entry.object ?? "")")
                return entry
            case .keys(let keys): order.append("keys of \(keys.table)")
            case nil: order.append("nothing")
            }
            return nil
        }
        let first = try #require(take())
        let second = try #require(take())
        queue.finish(second)
        let third = try #require(take())
        _ = take()
        queue.finish(first)
        _ = take()
        queue.finish(third)
        _ = take()
        #expect(order == ["rows of a", "rows of a", "rows of b", "nothing", "keys of a", "nothing"])
        #expect(ShadowLoaderQueue([], keys: [keys]).next() != nil)
    }
}

extension ShadowLoaderKeys {
    fileprivate static func example(_ table: String) -> ShadowLoaderKeys? {
        ShadowLoaderKeys(table: table, names: ["k"], additions: "ADD KEY `k` (`a`)")
    }
}
