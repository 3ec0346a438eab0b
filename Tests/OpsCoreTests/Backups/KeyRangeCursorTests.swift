import Testing

@testable import OpsCore

@Suite struct KeyRangeCursorTests {
    /// Plays the server for a table with these keys.
    private struct Table {
        let keys: [Int128]

        func first(_ query: SQLQuery) throws -> [String]? {
            let lower = query.text.split(separator: ">= ").dropFirst().first.flatMap { text in
                Int128(text.prefix { $0 == "-" || $0.isNumber })
            }
            return keys.dropFirst(lower.map { keys.position(of: $0) } ?? 0).first.map { ["\($0)"] }
        }
    }

    private func ranges(_ keys: [Int128], target: Int = 1000, bytesPerRow: Int = 10) throws -> [KeyRange] {
        let key = KeyRangeKey(index: "PRIMARY", columns: [KeyRangeColumn(name: "id", kind: .integer)])
        var cursor = KeyRangeCursor(
            table: "t", key: key, step: KeyRangeStep(target: target, bytesPerRow: bytesPerRow))
        let table = Table(keys: keys)
        var ranges: [KeyRange] = []
        while let step = try cursor.next(table.first) {
            ranges.append(step.range)
            cursor.learn(step, bytes: rows(of: step.range, keys).count * bytesPerRow)
        }
        return ranges
    }

    private func rows(of range: KeyRange, _ keys: [Int128]) -> ArraySlice<Int128> {
        let lower = range.lower.flatMap { Int128($0[0]) }.map { keys.position(of: $0) } ?? 0
        let upper = range.upper.flatMap { Int128($0[0]) }.map { keys.position(of: $0) } ?? keys.count
        return keys[lower..<upper]
    }

    private static let dense: [Int128] = (0..<20_000).map { Int128($0) }
    private static let sparse: [Int128] = (0..<3000).map { Int128($0) * 1_000_000_007 }
    private static let negative: [Int128] = (-500..<500).map { Int128($0) * 7 }
    private static let extremes: [Int128] = [Int128(Int64.min), -1, 0, 1, Int128(Int64.max), Int128(UInt64.max)]
    private static let outlier: [Int128] = dense.prefix(5000) + [Int128(UInt64.max)]

    @Test(arguments: [dense, sparse, negative, extremes, outlier, [42], []])
    func theRangesCoverEveryKeyOnce(keys: [Int128]) throws {
        let ranges = try ranges(keys)
        #expect(ranges.flatMap { rows(of: $0, keys) } == keys)
        #expect(ranges.first?.lower == nil)
        #expect(ranges.last?.upper == nil)
    }

    @Test func aDenseTableIsCutFairly() throws {
        let ranges = try ranges(Self.dense)
        #expect(ranges.count == 200)
        #expect(ranges.allSatisfy { rows(of: $0, Self.dense).count == 100 })
    }

    @Test func keysFarApartAreSoonCutFairlyToo() throws {
        #expect(try ranges(Self.sparse).count <= 50)
    }

    @Test func aGapCostsOneLookOnly() throws {
        let keys: [Int128] = Self.dense.prefix(1000) + Self.dense.prefix(1000).map { $0 + 9_000_000_000_000_000_000 }
        #expect(try ranges(keys).count <= 21)
    }

    @Test func aStepThatIsAboutRightIsLeftAlone() {
        var step = KeyRangeStep(target: 1000, bytesPerRow: 10)
        step.learn(width: 100, bytes: 900)
        #expect(step.width == 100)
        step.learn(width: 100, bytes: 100_000)
        #expect(step.width == 1)
        step.learn(width: 1 << 61, bytes: 0)
        #expect(step.width == 1 << 62)
    }
}

extension [Int128] {
    /// Where the first element that is not below `value` stands, in sorted elements.
    fileprivate func position(of value: Int128) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
