using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Tests.Mime;

public sealed class MessageIndexTests
{
    private const string Nested = "Subject: outer\nContent-Type: multipart/mixed; boundary=b\n\npreamble\n--b\nContent-Type: text/plain\n\none\n--b\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\ninner one\n--c\nX: y\n\ninner two\n--c--\n--b\nContent-Type: message/rfc822\n\nSubject: simple\n\nits body\n--b--\nepilogue\n";

    [Theory]
    [InlineData("", nameof(SectionText.Header), "Subject: outer|Content-Type: multipart/mixed; boundary=b||")]
    [InlineData("1", nameof(SectionText.Whole), "one")]
    [InlineData("1", nameof(SectionText.Mime), "Content-Type: text/plain||")]
    [InlineData("2", nameof(SectionText.Mime), "Content-Type: message/rfc822||")]
    [InlineData("2", nameof(SectionText.Header), "Subject: inner|Content-Type: multipart/alternative; boundary=c||")]
    [InlineData("2", nameof(SectionText.Text), "--c||inner one|--c|X: y||inner two|--c--")]
    [InlineData("2.1", nameof(SectionText.Whole), "inner one")]
    [InlineData("2.2", nameof(SectionText.Whole), "inner two")]
    [InlineData("2.2", nameof(SectionText.Mime), "X: y||")]
    [InlineData("3.1", nameof(SectionText.Whole), "its body")]
    [InlineData("3.1", nameof(SectionText.Mime), "Subject: simple||")]
    [InlineData("3", nameof(SectionText.Text), "its body")]
    [InlineData("1", nameof(SectionText.Header), null)]
    [InlineData("1", nameof(SectionText.Text), null)]
    [InlineData("1.1", nameof(SectionText.Whole), null)]
    [InlineData("4", nameof(SectionText.Whole), null)]
    [InlineData("2.3", nameof(SectionText.Whole), null)]
    [InlineData("3.2", nameof(SectionText.Whole), null)]
    [InlineData("3.1.1", nameof(SectionText.Whole), null)]
    [InlineData("", nameof(SectionText.Mime), null)]
    public void Finds_each_section(string path, string text, string? octets) =>
        Assert.Equal(octets, MimeScene.Section(Nested, Enum.Parse<SectionText>(text), [.. path.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)]));

    [Fact]
    public void Finds_the_body_of_a_simple_message_as_its_part_1()
    {
        Assert.Equal("body|", MimeScene.Section("Subject: x\n\nbody\n", SectionText.Whole, 1));
        Assert.Equal("Subject: x||", MimeScene.Section("Subject: x\n\nbody\n", SectionText.Mime, 1));
        Assert.Null(MimeScene.Section("Subject: x\n\nbody\n", SectionText.Whole, 0));
        Assert.Null(MimeScene.Section("Subject: x\n\nbody\n", SectionText.Whole, uint.MaxValue));
    }

    [Fact]
    public void Counts_the_prefix_as_the_beginning_of_the_header()
    {
        var facts = WireFacts.Of("Return-Path: <>\r\n"u8, "Subject: x\r\n\r\nbody\r\n"u8);

        Assert.Equal(new OctetRange(0, 31), facts.Index.Message.Header);
        Assert.Equal(new OctetRange(31, 6), facts.Index.Message.Body);
        Assert.Equal(1, facts.Index.Message.BodyLines);
    }

    [Theory]
    [InlineData(MimeLimits.MaxParts - 1, MimeLimits.MaxParts)]
    [InlineData(MimeLimits.MaxParts, MimeLimits.MaxParts)]
    public void Finds_no_more_parts_than_its_limit_and_loses_no_octet(int delimiters, int parts)
    {
        var index = MimeScene.Facts("Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\n\nx\n", delimiters))).Index;

        Assert.Equal(parts, index.Parts.Count);
        var last = index.Parts[^1];
        Assert.Equal(index.Message.BodyStart + index.Message.BodyOctets, last.BodyStart + last.BodyOctets);
    }

    [Theory]
    [InlineData(MimeLimits.MaxHeaderOctets, true)]
    [InlineData(MimeLimits.MaxHeaderOctets + 1, false)]
    public void Looks_at_a_header_to_its_limit_and_still_finds_its_end(int octets, bool seen)
    {
        const string End = "\r\nSubject: last\r\n";
        var filler = "X: " + new string('x', octets - End.Length - 3);
        var facts = MimeScene.Facts(filler + End + "\nbody");

        Assert.Equal(octets + 2, facts.Index.Message.HeaderOctets);
        Assert.Equal(4, facts.Index.Message.BodyOctets);
        Assert.Equal(seen, facts.Envelope.AsSpan().IndexOf("last"u8) >= 0);
    }

    [Theory]
    [InlineData(MimeLimits.MaxBoundaryOctets, 3)]
    [InlineData(MimeLimits.MaxBoundaryOctets + 1, 3)]
    public void Compares_a_boundary_to_its_limit(int octets, int parts)
    {
        var boundary = new string('b', octets);

        Assert.Equal(parts, MimeScene.Facts($"Content-Type: multipart/mixed; boundary={boundary}\n\n--{boundary}\n\none\n--{boundary[..^1]}x\n\ntwo\n").Index.Parts.Count + (octets > MimeLimits.MaxBoundaryOctets ? 0 : 1));
    }

    [Fact]
    public async Task Is_the_same_from_a_stream()
    {
        foreach (var mail in MimeScene.Corpus)
        {
            using var stream = new MemoryStream(mail);
            var streamed = await WireFacts.ReadAsync(stream, MimeLimits.MaxHeaderOctets + 1024, TestContext.Current.CancellationToken);

            Same(WireFacts.Of([], mail), streamed);
        }
    }

    [Fact]
    public void Comes_back_from_its_octets()
    {
        foreach (var mail in MimeScene.Corpus)
        {
            var facts = WireFacts.Of([], mail);

            Assert.Equal(facts.Index.Parts, MessageIndex.Parse(facts.Parts)!.Parts);
        }
    }

    [Fact]
    public void Takes_few_octets() => Assert.InRange(MimeScene.Facts("Subject: x\n\nbody\n").Parts.Length, 1, 16);

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0, 1 })]
    [InlineData(new byte[] { 2, 1, 16, 0, 0, 0, 1, 1, 1, 1, 0, 0 })]
    [InlineData(new byte[] { 1, 0 })]
    public void Refuses_octets_that_are_none_of_its_own(byte[] octets) => Assert.Null(MessageIndex.Parse(octets));

    internal static void Same(WireFacts one, WireFacts other)
    {
        Assert.Equal(one.Index.Parts, other.Index.Parts);
        Assert.Equal(one.Envelope, other.Envelope);
        Assert.Equal(one.Structure, other.Structure);
        Assert.Equal(one.Parts, other.Parts);
    }
}
