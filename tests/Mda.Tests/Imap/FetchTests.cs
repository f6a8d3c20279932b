using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>FETCH and UID FETCH: each item as it goes over the wire.</summary>
public sealed class FetchTests
{
    private const string Alternative = """
        From: Bob <bob@example.net>
        Subject: Two forms
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary=b

        --b
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        gr=C3=BCn
        --b
        Content-Type: text/html
        Content-Transfer-Encoding: base64

        PGI+aGk8L2I+
        --b--

        """;

    private const string Envelope =
        "(\"Tue, 24 Nov 2026 10:00:00 +0000\" \"Hello\" ((\"Bob\" NIL \"bob\" \"example.net\")) ((\"Bob\" NIL \"bob\" \"example.net\")) ((\"Bob\" NIL \"bob\" \"example.net\")) ((NIL NIL \"ann\" \"example.org\")) NIL NIL NIL \"<1@example.net>\")";

    private const string Structure = "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 15 1 NIL NIL NIL NIL)";

    private const string Head = "From: Bob <bob@example.net>\r\nTo: ann@example.org\r\nSubject: Hello\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.net>\r\n\r\n";

    /// <summary>Items and what they are answered with, of one message.</summary>
    private static readonly (string Items, string Told)[] Answers =
    [
        ("FLAGS", "FLAGS (\\Answered \\Seen)"),
        ("(FLAGS UID)", "FLAGS (\\Answered \\Seen) UID 1"),
        ("UID", "UID 1"),
        ("INTERNALDATE", "INTERNALDATE \"24-Nov-2026 12:00:00 +0000\""),
        ("RFC822.SIZE", "RFC822.SIZE 151"),
        ("MODSEQ", "MODSEQ (2)"),
        ("ENVELOPE", "ENVELOPE " + Envelope),
        ("BODYSTRUCTURE", "BODYSTRUCTURE " + Structure),
        ("BODY", "BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 15 1)"),
        ("FAST", "FLAGS (\\Answered \\Seen) INTERNALDATE \"24-Nov-2026 12:00:00 +0000\" RFC822.SIZE 151"),
        ("ALL", "FLAGS (\\Answered \\Seen) INTERNALDATE \"24-Nov-2026 12:00:00 +0000\" RFC822.SIZE 151 ENVELOPE " + Envelope),
        ("FULL", "FLAGS (\\Answered \\Seen) INTERNALDATE \"24-Nov-2026 12:00:00 +0000\" RFC822.SIZE 151 ENVELOPE " + Envelope + " BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 15 1)"),
        ("EMAILID", "EMAILID (M1)"),
        ("SAVEDATE", "SAVEDATE \"24-Nov-2026 12:00:00 +0000\""),
        ("PREVIEW", "PREVIEW \"Good morning.\""),
        ("PREVIEW (LAZY)", "PREVIEW \"Good morning.\""),
        ("(UID PREVIEW (LAZY))", "UID 1 PREVIEW \"Good morning.\""),
        ("BODY.PEEK[]", "BODY[] {151}\r\n" + MailboxScene.Simple),
        ("BODY[]", "BODY[] {151}\r\n" + MailboxScene.Simple),
        ("RFC822", "RFC822 {151}\r\n" + MailboxScene.Simple),
        ("RFC822.HEADER", "RFC822.HEADER {136}\r\n" + Head),
        ("RFC822.TEXT", "RFC822.TEXT {15}\r\nGood morning.\r\n"),
        ("BODY[HEADER]", "BODY[HEADER] {136}\r\n" + Head),
        ("BODY[TEXT]", "BODY[TEXT] {15}\r\nGood morning.\r\n"),
        ("BODY[1]", "BODY[1] {15}\r\nGood morning.\r\n"),
        ("BODY[1.MIME]", "BODY[1.MIME] {136}\r\n" + Head),
        ("BODY[2]", "BODY[2] NIL"),
        ("BODY[HEADER.FIELDS (subject X-None)]", "BODY[HEADER.FIELDS (subject X-None)] {18}\r\nSubject: Hello\r\n\r\n"),
        ("BODY[HEADER.FIELDS (\"Subject\" {2+}\r\nto)]", "BODY[HEADER.FIELDS (Subject to)] {39}\r\nTo: ann@example.org\r\nSubject: Hello\r\n\r\n"),
        ("BODY[HEADER.FIELDS.NOT (From To Date Message-ID)]", "BODY[HEADER.FIELDS.NOT (From To Date Message-ID)] {18}\r\nSubject: Hello\r\n\r\n"),
        ("BODY[]<0.4>", "BODY[]<0> {4}\r\nFrom"),
        ("BODY[TEXT]<5.100>", "BODY[TEXT]<5> {10}\r\nmorning.\r\n"),
        ("BODY[TEXT]<15.1>", "BODY[TEXT]<15> {0}\r\n"),
        ("BODY[TEXT]<4000000000.9223372036854775807>", "BODY[TEXT]<4000000000> {0}\r\n"),
        ("BODY.PEEK[HEADER.FIELDS (Subject)]<9.5>", "BODY[HEADER.FIELDS (Subject)]<9> {5}\r\nHello"),
        ("BINARY[]", "BINARY[] {151}\r\n" + MailboxScene.Simple),
        ("BINARY.SIZE[1]", "BINARY.SIZE[1] 15"),
        ("(BODY[1]<0.4> BODY[1]<0.4> BODY[1]<1.3>)", "BODY[1]<0> {4}\r\nGood BODY[1]<1> {3}\r\nood"),
    ];

    /// <summary>The same of a message of two parts.</summary>
    private static readonly (string Items, string Told)[] Parts =
    [
        ("BODY[1]", "BODY[1] {9}\r\ngr=C3=BCn"),
        ("BINARY[1]", "BINARY[1] {5}\r\ngrün"),
        ("BINARY.PEEK[1]<2.2>", "BINARY[1]<2> {2}\r\nü"),
        ("BINARY.SIZE[1]", "BINARY.SIZE[1] 5"),
        ("BINARY[2]", "BINARY[2] {9}\r\n<b>hi</b>"),
        ("BINARY.SIZE[2]", "BINARY.SIZE[2] 9"),
        ("BINARY[3]", "BINARY[3] NIL"),
        ("BINARY.SIZE[3]", "BINARY.SIZE[3] 0"),
        ("BODY[2.MIME]", "BODY[2.MIME] {62}\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"),
        ("BODY[1.HEADER]", "BODY[1.HEADER] NIL"),
        ("PREVIEW", "PREVIEW {5}\r\ngrün"),
    ];

    private static readonly string[] Wrong =
    [
        "",
        " ",
        "1",
        "1 ",
        "1 ()",
        "1 (ALL)",
        "1 NOSUCH",
        "1 (FLAGS",
        "1 FLAGS)",
        "1 FLAGS UID",
        "1 BODY[",
        "1 BODY[0]",
        "1 BODY[1.]",
        "1 BODY[MIME]",
        "1 BODY[HEADER.FIELDS]",
        "1 BODY[HEADER.FIELDS ()]",
        "1 BODY[HEADER.FIELDS (a:b)]",
        "1 BODY[]<1>",
        "1 BODY[]<0.0>",
        "1 BODY[]<0.9223372036854775808>",
        "1 BINARY.SIZE[1]<0.1>",
        "1 BINARY[1.MIME]",
        "1 BODY.PEEK",
        "1 UID[]",
        "1 FLAGS (CHANGEDSINCE)",
        "1 FLAGS (CHANGEDSINCE 1 CHANGEDSINCE 2)",
        "1 FLAGS (VANISHED)",
        "1,, FLAGS",
    ];

    [Fact]
    public async Task Tells_each_item()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync(MailboxScene.Simple, MessageFlags.Seen | MessageFlags.Answered);
        await using var client = await scene.SelectAsync("SELECT INBOX (CONDSTORE)");

        foreach (var (items, told) in Answers)
            Assert.Equal([$"1 FETCH ({told})"], await client.OkAsync($"FETCH 1 {items}"));
    }

    [Fact]
    public async Task Tells_parts_and_takes_their_encoding_off()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync(Alternative.ReplaceLineEndings("\r\n"), MessageFlags.Seen);
        await using var client = await scene.SelectAsync();

        foreach (var (items, told) in Parts)
            Assert.Equal([$"1 FETCH ({told})"], await client.OkAsync($"FETCH 1 {items}"));
    }

    [Fact]
    public async Task A_part_with_NULs_is_a_literal8_and_one_of_an_unknown_encoding_is_refused()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync("Content-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n", MessageFlags.Seen);
        await scene.AppendAsync("Content-Type: application/x\r\nContent-Transfer-Encoding: x-zip\r\n\r\nAAEC\r\n", MessageFlags.Seen);
        await using var client = await scene.SelectAsync();

        Assert.Equal(["1 FETCH (UID 1 BINARY[1] ~{3}\r\n\0\u0001\u0002)"], await client.OkAsync("UID FETCH 1 BINARY[1]"));
        Assert.Equal(["* 2 FETCH (UID 2)", "A4 NO [UNKNOWN-CTE] That part is encoded in a way that is not known here."], await client.CommandAsync("UID FETCH 2 (UID BINARY[1])"));
        Assert.Equal(["A5 NO [UNKNOWN-CTE] That part is encoded in a way that is not known here."], await client.CommandAsync("FETCH 2 BINARY.SIZE[1]"));
        Assert.Equal(["2 FETCH (BODY[1] {6}\r\nAAEC\r\n)"], await client.OkAsync("FETCH 2 BODY[1]"));
    }

    [Fact]
    public async Task Reading_a_body_sets_Seen_and_tells_it_and_others_hear_of_it()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(3);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();

        Assert.Equal(["1 FETCH (BODY[TEXT] {15}\r\nGood morning.\r\n)"], await client.OkAsync("FETCH 1 BODY.PEEK[TEXT]"));
        Assert.Equal(["1 FETCH (BODY[TEXT] {15}\r\nGood morning.\r\n FLAGS (\\Seen))"], await client.OkAsync("FETCH 1 BODY[TEXT]"));
        Assert.Equal(["1 FETCH (BODY[TEXT] {15}\r\nGood morning.\r\n)"], await client.OkAsync("FETCH 1 BODY[TEXT]"));
        Assert.Equal(["2 FETCH (FLAGS (\\Seen) BINARY[1] {15}\r\nGood morning.\r\n)"], await client.OkAsync("FETCH 2 (FLAGS BINARY[1])"));
        Assert.Equal(["3 FETCH (RFC822.HEADER {136}\r\n" + Head + ")"], await client.OkAsync("FETCH 3 RFC822.HEADER"));
        Assert.Equal(["1 FETCH (UID 1 FLAGS (\\Seen))", "2 FETCH (UID 2 FLAGS (\\Seen))"], await other.OkAsync("NOOP"));
    }

    [Fact]
    public async Task Reading_in_a_mailbox_that_is_examined_sets_nothing()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        await using var client = await scene.SelectAsync("EXAMINE INBOX");

        Assert.Equal(["1 FETCH (BODY[TEXT] {15}\r\nGood morning.\r\n)"], await client.OkAsync("FETCH 1 BODY[TEXT]"));
        Assert.Equal(["1 FETCH (FLAGS ())"], await client.OkAsync("FETCH 1 FLAGS"));
    }

    [Fact]
    public async Task Tells_ranges_in_their_order_each_message_once()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(5);
        await using var client = await scene.SelectAsync();

        Assert.Equal(["1 FETCH (UID 1)", "4 FETCH (UID 4)", "5 FETCH (UID 5)"], await client.OkAsync("FETCH *,4:5,5:4,1 UID"));
        Assert.Equal(["4 FETCH (UID 4)", "5 FETCH (UID 5)"], await client.OkAsync("UID FETCH 4:9 (UID)"));
        Assert.Equal(["5 FETCH (UID 5)"], await client.OkAsync("UID FETCH 100:* UID"));
        Assert.Empty(await client.OkAsync("UID FETCH 90:100 FLAGS"));
        await client.BadAsync("FETCH 5:6 UID");
        await client.BadAsync("FETCH 0 UID");
    }

    [Fact]
    public async Task An_empty_mailbox_has_nothing_to_tell()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await using var client = await scene.SelectAsync();

        Assert.Empty(await client.OkAsync("FETCH * FLAGS"));
        Assert.Empty(await client.OkAsync("UID FETCH 1:* FLAGS"));
        await client.BadAsync("FETCH 1 FLAGS");
    }

    [Fact]
    public async Task A_message_that_is_gone_is_missed_by_number_and_not_by_UID()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(3);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();
        await other.OkAsync("STORE 2 +FLAGS.SILENT (\\Deleted)");
        await other.OkAsync("EXPUNGE");

        Assert.Equal(
            ["* 1 FETCH (BODY[TEXT] {15}\r\nGood morning.\r\n)", "* 3 FETCH (BODY[TEXT] {15}\r\nGood morning.\r\n)", "A3 NO [EXPUNGEISSUED] Some of those messages are gone."],
            await client.CommandAsync("FETCH 1:3 BODY.PEEK[TEXT]"));
        Assert.Equal(["1 FETCH (UID 1)", "2 FETCH (UID 2)", "3 FETCH (UID 3)"], await client.OkAsync("FETCH 1:3 UID"));
        Assert.Equal(["2 EXPUNGE", "1 FETCH (UID 1)", "2 FETCH (UID 3)"], await client.OkAsync("UID FETCH 1:3 UID"));
    }

    [Fact]
    public async Task Flags_and_ModSeq_of_a_message_that_is_gone_are_those_that_were_told_last()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(3);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();
        await other.OkAsync("STORE 2 +FLAGS.SILENT (\\Deleted $Work)");
        var told = (await client.OkAsync("FETCH 2 (UID FLAGS MODSEQ)"))[^1];
        Assert.Contains("$Work", told, StringComparison.Ordinal);
        await other.OkAsync("EXPUNGE");

        Assert.Equal(told, (await client.OkAsync("FETCH 2 (UID FLAGS MODSEQ)"))[^1]);
        Assert.Equal(told, (await client.OkAsync("FETCH 2 (UID FLAGS MODSEQ)"))[^1]);
    }

    [Fact]
    public async Task Takes_a_slice_from_the_front_and_from_the_end()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(6);
        await using var client = await scene.SelectAsync();

        Assert.Equal(["2 FETCH (UID 2)", "4 FETCH (UID 4)"], await client.OkAsync("UID FETCH 1:2,4:6 UID (PARTIAL 2:3)"));
        Assert.Equal(["5 FETCH (UID 5)", "6 FETCH (UID 6)"], await client.OkAsync("UID FETCH 1:* UID (PARTIAL -1:-2)"));
        Assert.Equal(["1 FETCH (UID 1)"], await client.OkAsync("UID FETCH 1:* UID (PARTIAL -6:-20)"));
        Assert.Empty(await client.OkAsync("UID FETCH 1:* UID (PARTIAL 7:9)"));
        await client.BadAsync("UID FETCH 1:* UID (PARTIAL 0:9)");
        await client.BadAsync("UID FETCH 1:* UID (PARTIAL -1:9)");
        await client.BadAsync("UID FETCH 1:* UID (PARTIAL 1:2 PARTIAL 1:2)");
    }

    [Fact]
    public async Task Tells_of_a_message_in_a_file_the_same_as_of_one_in_the_database()
    {
        var text = string.Concat(Enumerable.Range(0, 5000).Select(i => $"Zeile {i:D4} gr=C3=BCn=\r\n"));
        var message = "From: Bob <bob@example.net>\r\nSubject: Large\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text + "\r\n";
        string[] asked = ["BODY.PEEK[]", "BODY.PEEK[TEXT]", "BODY.PEEK[]<60000.70000>", "BODY.PEEK[HEADER]", "BODY.PEEK[HEADER.FIELDS (Subject)]", "BINARY.PEEK[1]", "BINARY.PEEK[1]<3.100000>", "BINARY.SIZE[1]", "ENVELOPE", "BODYSTRUCTURE", "BODY", "PREVIEW", "RFC822.SIZE", "(BODY.PEEK[1] UID)"];
        var answers = new List<IReadOnlyList<string>[]>();
        foreach (var limit in (int[])[1_000_000, 1_000])
        {
            await using var scene = await MailboxScene.CreateAsync(options => options with { LargeMessageOctets = limit });
            await scene.AppendAsync(message);
            await using var client = await scene.SelectAsync();
            var told = new List<IReadOnlyList<string>>();
            foreach (var items in asked)
                told.Add(await client.OkAsync($"FETCH 1 {items}"));
            answers.Add([.. told]);
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Contains("BODY[] {" + message.Length, answers[1][0][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_BAD()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        await using var client = await scene.SelectAsync();

        foreach (var arguments in Wrong)
        {
            await client.BadAsync($"FETCH {arguments}");
            await client.OkAsync("FETCH 1 FLAGS");
        }
    }

    [Fact]
    public async Task Asks_for_so_much_and_no_more()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync(MailboxScene.Simple, MessageFlags.Seen);
        await using var client = await scene.SelectAsync();

        await client.OkAsync($"FETCH 1 BODY[{string.Join('.', Enumerable.Repeat(1, 100))}]");
        await client.BadAsync($"FETCH 1 BODY[{string.Join('.', Enumerable.Repeat(1, 101))}]");
        await client.OkAsync($"FETCH 1 ({string.Join(' ', Enumerable.Range(0, 64).Select(i => $"BODY[]<{i}.1>"))})");
        await client.BadAsync($"FETCH 1 ({string.Join(' ', Enumerable.Range(0, 65).Select(i => $"BODY[]<{i}.1>"))})");
        await client.OkAsync($"FETCH 1 BODY[HEADER.FIELDS ({string.Join(' ', Enumerable.Repeat("a", 128))})]");
        await client.BadAsync($"FETCH 1 BODY[HEADER.FIELDS ({string.Join(' ', Enumerable.Repeat("a", 129))})]");
    }

    [Fact]
    public async Task Thousands_of_them_may_be_under_way()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync();
        var sending = client.SendAsync(string.Concat(Enumerable.Range(0, 3000).Select(i => $"x{i} FETCH 1:2 (UID BODY.PEEK[])\r\n")));

        for (var i = 0; i < 3000; i++)
            Assert.Equal(3, (await client.EndAsync($"x{i}")).Count);
        await sending;
    }

    [Fact]
    public async Task The_first_reading_of_an_unseen_message_is_told_to_its_journey_once()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.Imap.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await using var client = await scene.SelectAsync();
        await client.OkAsync("FETCH 1 (BODY.PEEK[HEADER] ENVELOPE)");
        Assert.DoesNotContain(scene.Imap.Mda.Journeys.Events, told => told.Step == JourneyStep.Fetched);

        await client.OkAsync("FETCH 1 BODY[]");
        await client.OkAsync("FETCH 1 BODY.PEEK[]");

        Assert.Equal("Read for the first time by ann@example.org.", Assert.Single(scene.Imap.Mda.Journeys.Events, told => told.Step == JourneyStep.Fetched).Summary);
    }

    [Fact]
    public async Task Clients_that_read_nothing_hold_nobody_up()
    {
        await using var scene = await MailboxScene.CreateAsync();
        for (var i = 0; i < 5; i++)
            await scene.AppendAsync(MailboxScene.Simple + new string('x', 200_000) + "\r\n", MessageFlags.Seen);
        var stalled = new List<ImapClient>();
        var tags = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            stalled.Add(await scene.SelectAsync());
            tags.Add(await stalled[i].BeginAsync("FETCH 1:* BODY.PEEK[]"));
        }

        await using var client = await scene.SelectAsync();
        Assert.Equal(["5 FETCH (BODY[]<0> {4}\r\nFrom)"], await client.OkAsync("FETCH 5 BODY.PEEK[]<0.4>"));

        for (var i = 0; i < stalled.Count; i++)
        {
            Assert.Equal(6, (await stalled[i].EndAsync(tags[i])).Count);
            await stalled[i].DisposeAsync();
        }
    }

    [Fact]
    public async Task A_message_whose_file_is_gone_is_missed()
    {
        await using var scene = await MailboxScene.CreateAsync(options => options with { LargeMessageOctets = 100 });
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync();
        var bodies = new DirectoryInfo(Path.Combine(scene.Imap.Mda.Directory, "bodies"));
        bodies.GetFiles("*", SearchOption.AllDirectories).OrderBy(file => file.LastWriteTimeUtc).First().Delete();

        var told = await client.CommandAsync("FETCH 1:2 (BODY.PEEK[])");

        Assert.Equal(2, told.Count);
        Assert.StartsWith("A3 NO [EXPUNGEISSUED]", told[^1], StringComparison.Ordinal);
        await client.OkAsync("FETCH 1:2 (UID FLAGS)");
    }

    [Fact]
    public async Task Of_a_message_of_no_octets_every_section_is_told()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync(string.Empty);
        var client = await scene.SelectAsync();
        Assert.Equal(["1 FETCH (BODY[HEADER] {0}\r\n BODY[HEADER.FIELDS (Subject)] {0}\r\n BODY[TEXT] {0}\r\n BODY[] {0}\r\n)"],
            await client.OkAsync("FETCH 1 (BODY.PEEK[HEADER] BODY.PEEK[HEADER.FIELDS (Subject)] BODY.PEEK[TEXT] BODY.PEEK[])"));
        Assert.Equal(["1 FETCH (BODY[HEADER] {0}\r\n)"], await client.OkAsync("FETCH 1 BODY.PEEK[HEADER]"));
        Assert.Equal(["1 FETCH (BODY[HEADER.FIELDS (Subject)] {0}\r\n)"], await client.OkAsync("FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject)]"));
        Assert.Equal(["1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))"], await client.OkAsync("FETCH 1 ENVELOPE"));
    }
}
