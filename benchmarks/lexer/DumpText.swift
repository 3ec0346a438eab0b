import Foundation

extension LexerBenchmark {
    /// Writes blocks that look like a dump until the file has the size.
    ///
    /// - Returns: the size reached.
    static func write(to path: String, size: Int) throws -> Int {
        let block = Data(dumpBlock().utf8)
        try Data().write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        var written = 0
        while written < size {
            try file.write(contentsOf: block)
            written += block.count
        }
        return written
    }

    /// About 9 MiB: INSERTs of a megabyte as dumps have them, long texts, one row a statement, comments, a procedure.
    private static func dumpBlock() -> String {
        var text =
            "/*M!999999\\- enable the sandbox mode */\n-- a dump for measuring\n/*!40101 SET NAMES utf8mb4 */;\n\n"
        for _ in 1...4 { text += bigInsert(rows: 9000) }
        text += longTexts()
        for row in 1...20000 {
            text += "INSERT INTO `note` (`id`, `label`) VALUES (\(row), 'row \(row), it\\'s one'); -- \(row % 7)\n"
            if row % 10 == 0 {
                text += "# every tenth\n/* kept: ; */ UPDATE `note` SET `n` = `n` + 1 WHERE `id` = \(row);\n"
            }
        }
        for number in 1...200 { text += procedure(number) }
        return text
    }

    private static func bigInsert(rows: Int) -> String {
        let values = (1...rows).map { row in
            "(\(row),'entity-\(row)',NULL,'2024-01-\(10 + row % 20) 10:00:00',\(Double(row) / 7),"
                + "'Autosomal dominant; \\\"severe\\\", “with” seizures\\nand more','{\\\"a\\\": [1, 2, \(row)]}')"
        }
        return "LOCK TABLES `entity` WRITE;\nINSERT INTO `entity` VALUES " + values.joined(separator: ",\n")
            + ";\nUNLOCK TABLES;\n"
    }

    private static func longTexts() -> String {
        let sentence = "The quick brown fox jumps over the lazy dog; -- nothing here ends a statement /* or opens one. "
        let body = String(repeating: sentence, count: 700)
        return (1...20).map { "INSERT INTO `text` VALUES (\($0),'\(body)');\n" }.joined()
    }

    private static func procedure(_ number: Int) -> String {
        """
        DELIMITER ;;
        /*!50003 CREATE PROCEDURE `p\(number)`(IN a INT)
        BEGIN
          -- a comment that stays; with a semicolon
          DECLARE n INT DEFAULT 0;
          WHILE n < a DO
            SET n = n + 1; /* and another */
          END WHILE;
        END */;;
        DELIMITER ;

        """
    }
}
