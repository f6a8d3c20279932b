namespace MailSuite.Mta.Tests.Fuzz;

/// <summary>Valid dialogues and the words they are made of; who adds a command or a parameter adds it here. A character is an octet.</summary>
internal static class Corpus
{
    public const string Ehlo = "EHLO client.example.net\r\n";
    public const string Mail = Ehlo + "MAIL FROM:<carol@example.net>\r\n";
    public const string Addressed = Mail + "RCPT TO:<alice@example.org>\r\n";
    public const string SignIn = "AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==\r\n";

    public static readonly string[] Dialogues =
    [
        "MAIL FROM:<carol@example.net>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\nSubject: one\r\n\r\ntext\r\n..dots\r\n.\r\nQUIT\r\n",
        "MAIL FROM:<> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\nRCPT TO:<nobody@example.org>\r\nDATA\r\nA: b\r\n\r\n\xc3\xbc\r\n.\r\n",
        "MAIL FROM:<carol@example.net>\r\nRCPT TO:<alice@example.org>\r\nBDAT 6\r\nA: b\r\nBDAT 5 LAST\r\n\r\nx\r\nMAIL FROM:<carol@example.net>\r\nRCPT TO:<bob@example.org>\r\nBDAT 0 LAST\r\nNOOP\r\n",
        "MAIL FROM:<carol@example.net> BODY=BINARYMIME\r\nRCPT TO:<alice@example.org>\r\nBDAT 18 LAST\r\nA: b\r\n\r\n\0\r.\n\xff QUITQUIT\r\n",
        "MAIL FROM:<j\xc3\xb6rg@b\xc3\xbc.example> SMTPUTF8\r\nRCPT TO:<\"a b\"@example.org>\r\nRCPT TO:<@a.example,@b.example:alice@example.org>\r\nRCPT TO:<Postmaster>\r\nDATA\r\n.\r\n",
        "MAIL FROM:<carol@example.net>\r\nRCPT TO:<alice@example.org>\r\nRSET\r\nVRFY alice SMTPUTF8\r\nEXPN alice@example.org\r\nHELP MAIL\r\nHELP\r\nNOOP x\r\n",
        "AUTH LOGIN\r\nYWxpY2VAZXhhbXBsZS5vcmc=\r\nc2VjcmV0\r\nMAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@elsewhere.example>\r\nDATA\r\nSubject: x\r\n\r\n.\r\n",
        "AUTH PLAIN\r\nAGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==\r\nAUTH LOGIN YQ==\r\n*\r\n",
        "AUTH SCRAM-SHA-256 biwsbj1hbGljZUBleGFtcGxlLm9yZyxyPXJPcHJOR2Z3RWJlUldnYk5Fa3FP\r\nYz1iaXdzLHI9eA==\r\n",
        "STARTTLS\r\nEHLO again.example\r\n",
        "DATA\r\nSubject: outer\r\n\r\ntext\n.\nMAIL FROM:<mallory@example.net>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: inner\r\n\r\nsmuggled\r\n.\r\n",
        "DATA\r\nSubject: outer\r\n\r\ntext\r\n.\rMAIL FROM:<mallory@example.net>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n\r\n.\r\n",
        "BDAT 20\r\nDATA\r\nRCPT TO:<bob@example.org>\r\nQUIT\r\nBDAT 1 LAST\r\n\r\n",
        "Received: 1\r\nReceived: 2\r\nFrom: a\r\n\r\nbody\r\n.\r\nQUIT\r\n",
        "MAIL FROM:<carol@example.net> RET=HDRS ENVID=QQ+20x MT-PRIORITY=3 BY=120;R HOLDFOR=60 AUTH=<>\r\nRCPT TO:<alice@example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;a+2Bb@example.org\r\nDATA\r\n.\r\n",
        "XCLIENT NAME=a.example ADDR=192.0.2.9 PROTO=ESMTP HELO=x\r\nXFORWARD NAME=a.example ADDR=192.0.2.9\r\nETRN example.org\r\nETRN @b.example\r\nETRN #q\r\nTURN\r\nATRN a.example,b.example\r\nSEND FROM:<a@b.example>\r\nSOML FROM:<a@b.example>\r\nSAML FROM:<a@b.example>\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "HELO [192.0.2.1]\r\nEHLO [IPv6:2001:db8::1]\r\nLHLO x.example\r\nEHLO \xc3\xa4.example\r\n",
        "LHLO client.example.net\r\nMAIL FROM:<carol@example.net>\r\nRCPT TO:<alice@example.org>\r\nRCPT TO:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nA: b\r\n\r\n.\r\nQUIT\r\n",
        "",
    ];

    public static readonly string[] Words =
    [
        "\r\n", "\n", "\r", "\r\n.\r\n", "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", ".", "..", "\0", " ", "  ", "\t", ":", "<", ">", "<>", "@", ",", ";", "=", "\"", "\\", "[", "]", "[IPv6:::1]", "+20", "+", "-",
        "DATA\r\n", "BDAT ", "BDAT 0 LAST\r\n", "BDAT 10\r\n", "BDAT 99999999999999999999\r\n", " LAST", "RSET\r\n", "QUIT\r\n", "NOOP\r\n", "MAIL FROM:", "RCPT TO:", "MAIL FROM:<a@b.example>\r\n", "RCPT TO:<bob@example.org>\r\n",
        "EHLO x\r\n", "STARTTLS\r\n", "AUTH PLAIN ", "AUTH LOGIN\r\n", "*\r\n", "=\r\n", " SIZE=", " SIZE=601", " BODY=BINARYMIME", " BODY=8BITMIME", " SMTPUTF8", " NOTIFY=NEVER", " ORCPT=rfc822;x", " BY=-1;N", " HOLDUNTIL=2026-11-24T12:00:00Z",
        "Received: x\r\n", "Subject: ", ": ", "\r\n\r\n", "\r\n ", "=?utf-8?b?AAA?=", "\xc3\xbc", "\xff", "\xc0\x80", "\xed\xa0\x80", "\x85", "\xe2\x80\xae", "0", "1", "9", "18446744073709551616", "-1",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ];

    public static readonly string[] Addresses =
    [
        "a@b.example", "\"a b\"@example.org", "\"\\\"\"@example.org", "j\xc3\xb6rg@b\xc3\xbc.example", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a@[x-tag:text]", "a.b+c@xn--bcher-kva.example", "a@b-c.d-e.example", "\"\"@b.example",
    ];

    public static readonly string[] Paths =
    [
        "<a@b.example>", "<>", "<Postmaster>", "<postMASTER>", "<@a.example,@b.example:c@d.example>", "<@[IPv6:::1]:c@d.example>", "<\"a>b\"@c.example>", "<j\xc3\xb6rg@b\xc3\xbc.example> SIZE=1", "<a@b.example> A=B C",
    ];

    public static readonly string[] Parameters =
    [
        " SIZE=100", " BODY=8BITMIME SMTPUTF8", " RET=FULL ENVID=abc", " NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;a@b.example", " AUTH=<>", " AUTH=a+40b.example", " BY=120;RT", " HOLDFOR=3600", " MT-PRIORITY=-4", " X-1=a-b_c", "",
    ];
}
