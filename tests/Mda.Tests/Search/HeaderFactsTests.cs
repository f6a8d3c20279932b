using System.Text;
using CsCheck;
using MailSuite.Mda.Search;

namespace MailSuite.Mda.Tests.Search;

public sealed class HeaderFactsTests
{
    [Fact]
    public void Decodes_what_a_list_shows()
    {
        var facts = Parse("""
            From: =?utf-8?Q?J=C3=BCrgen_M=C3=BCller?= <jm@example.net>, Second <second@example.net>
            To: Ann <ann@example.org>, ben@example.org
            Cc: Carol <carol@example.org>
            Subject: =?iso-8859-1?Q?Gr=FC=DFe?= aus
             Bern
            Date: Mon, 23 Nov 2026 06:00:00 +0100
            Message-ID: <one@example.net>
            In-Reply-To: <zero@example.net>
            References: <a@example.net> <zero@example.net>

            Subject: not this
            """);

        Assert.Equal(("Jürgen Müller", "jm@example.net"), (facts.FromName, facts.FromAddress));
        Assert.Equal("Ann, ben@example.org", facts.ToNames);
        Assert.Equal("Grüße aus Bern", facts.Subject);
        Assert.Equal(DateTimeOffset.Parse("2026-11-23T05:00:00Z", System.Globalization.CultureInfo.InvariantCulture), facts.SentAt);
        Assert.Equal(("one@example.net", "zero@example.net", "a@example.net zero@example.net"), (facts.MessageId, facts.InReplyTo, facts.References));
        Assert.Equal("jurgen muller jm@example.net", facts.FromKey);
        Assert.Contains("carol@example.org", facts.ToKey, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_the_address_where_there_is_no_name() => Assert.Equal("bob@example.net", Parse("From: bob@example.net\n\n").FromName);

    [Fact]
    public void Takes_controls_and_direction_overrides_out_of_what_is_shown() =>
        Assert.Equal("invoice cod.exe", Parse("Subject: invoice\u202Ecod.exe\n\n").Subject);

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    public void Cuts_a_subject_at_its_limit(int length) => Assert.Equal(Math.Min(length, 1000), Parse($"Subject: {new string('x', length)}\n\n").Subject.Length);

    [Fact]
    public void Keeps_the_nearest_ancestors_of_a_long_thread()
    {
        var ids = string.Join("\n ", Enumerable.Range(0, 500).Select(i => $"<{i}@example.net>"));

        var references = Parse($"References: {ids}\n\n").References!;

        Assert.EndsWith("499@example.net", references, StringComparison.Ordinal);
        Assert.True(references.Length <= 4000);
    }

    [Fact]
    public void Looks_at_no_more_of_a_header_than_its_limit()
    {
        var filler = string.Concat(Enumerable.Repeat("X-Filler: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", HeaderFacts.MaxHeaderOctets / 40));

        Assert.Equal("first", Parse($"Subject: first\n{filler}From: late@example.net\n\n").Subject);
        Assert.Empty(Parse($"Subject: first\n{filler}From: late@example.net\n\n").FromAddress);
    }

    [Theory]
    [InlineData("Subject: kept\nthis line is no field\nFrom: bob@example.net\n\n")]
    [InlineData("Subject: kept\nFrom : bob@example.net\n\n")]
    public void Reads_on_where_a_line_is_no_field(string text)
    {
        var facts = Parse(text);

        Assert.Equal(("kept", "bob@example.net"), (facts.Subject, facts.FromAddress));
    }

    [Fact]
    public void Finds_something_in_any_octets() => Gen.Byte.Array[0, 2000].Sample(octets => HeaderFacts.Parse(octets) is not null);

    [Fact]
    public void Finds_something_in_any_field_values() =>
        Gen.Select(Gen.OneOf("From", "To", "Cc", "Date", "Subject", "Message-ID", "References", "In-Reply-To"), Gen.Byte.Array[0, 300])
            .Array[1, 8]
            .Sample(fields => HeaderFacts.Parse(fields.SelectMany(field => (byte[])[.. Encoding.ASCII.GetBytes(field.Item1 + ": "), .. field.Item2, 13, 10]).ToArray()) is not null);

    private static HeaderFacts Parse(string text) => HeaderFacts.Parse(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));
}
