namespace MailSuite.Mda.Tests.Pop3.Fuzz;

/// <summary>What generated sessions are made of.</summary>
internal static class Pop3Corpus
{
    public const string SignIn = "USER alice@example.org\r\nPASS secret\r\n";

    public static readonly IReadOnlyList<string> Dialogues =
    [
        SignIn + "STAT\r\nLIST\r\nUIDL\r\nRETR 1\r\nTOP 2 1\r\nDELE 1\r\nQUIT\r\n",
        SignIn + "DELE 1\r\nDELE 2\r\nDELE 3\r\nRSET\r\nDELE 3\r\nSTAT\r\nNOOP\r\nQUIT\r\n",
        "CAPA\r\nAUTH\r\nUTF8\r\nLANG\r\nLANG en\r\n" + SignIn + "CAPA\r\nLANG *\r\nLIST 3\r\nUIDL 3\r\nRETR 3\r\nDELE 3\r\n",
        "AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==\r\nSTAT\r\nRETR 2\r\nDELE 2\r\nQUIT\r\n",
        "AUTH LOGIN\r\nYWxpY2VAZXhhbXBsZS5vcmc=\r\nc2VjcmV0\r\nDELE 1\r\nQUIT\r\n",
        "AUTH PLAIN\r\n*\r\nAUTH PLAIN\r\nAGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==\r\nTOP 1 0\r\nTOP 3 99\r\nLIST 1\r\nQUIT\r\n",
        "USER bob@example.org\r\nPASS guess\r\nUSER alice@example.org\r\nPASS \r\nSTLS\r\nAPOP alice@example.org 00\r\nQUIT\r\n",
        "STAT\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n",
    ];

    public static readonly IReadOnlyList<string> Words =
    [
        "\r\n", "\n", "\r", " ", "\0", ".", "..", "*", "=", "1", "2", "3", "0", "-1", "4294967297", "99999999999999999999", "DELE ", "QUIT\r\n", "RSET\r\n", "RETR ", "TOP ", "LIST", "AUTH ", "USER ",
        "PASS ", "alice@example.org", "secret", "\u00c3\u00bc", "\u00ff", new('x', 300),
    ];
}
