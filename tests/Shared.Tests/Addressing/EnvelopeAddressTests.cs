using System.Xml.Linq;
using CsCheck;
using MailSuite.Shared.Addressing;
using MailSuite.Testing;

namespace MailSuite.Shared.Tests.Addressing;

public sealed class EnvelopeAddressTests
{
    [Theory]
    [InlineData("ann@example.org", "ann", "ann@example.org")]
    [InlineData("Ann@EXAMPLE.org", "Ann", "Ann@example.org")]
    [InlineData("a.b+c@example.org", "a.b+c", "a.b+c@example.org")]
    [InlineData("\"ann\"@example.org", "ann", "ann@example.org")]
    [InlineData("\"a b\"@example.org", "a b", "\"a b\"@example.org")]
    [InlineData("\"a\\\"b\"@example.org", "a\"b", "\"a\\\"b\"@example.org")]
    [InlineData("\"a@b\"@example.org", "a@b", "\"a@b\"@example.org")]
    [InlineData("\"a..b\"@example.org", "a..b", "\"a..b\"@example.org")]
    [InlineData("müller@bücher.example", "müller", "müller@xn--bcher-kva.example")]
    [InlineData("用户@例え.テスト", "用户", "用户@xn--r8jz45g.xn--zckzah")]
    [InlineData("\"\"@example.org", "", "\"\"@example.org")]
    [InlineData("ann@[192.0.2.1]", "ann", "ann@[192.0.2.1]")]
    public void Reads_the_meaning_and_writes_the_shortest_form(string text, string localPart, string wire)
    {
        Assert.True(EnvelopeAddress.TryParse(text, out var address));
        Assert.Equal(localPart, address.LocalPart);
        Assert.Equal(wire, address.ToString());
        Assert.Equal(address, EnvelopeAddress.Parse(wire));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("@example.org")]
    [InlineData("ann@")]
    [InlineData(".ann@example.org")]
    [InlineData("ann.@example.org")]
    [InlineData("a..b@example.org")]
    [InlineData("a b@example.org")]
    [InlineData("a@b@example.org")]
    [InlineData("\"ann@example.org")]
    [InlineData("\"a\tb\"@example.org")]
    [InlineData("\"a\0b\"@example.org")]
    [InlineData("\"a\\\0\"@example.org")]
    [InlineData("ann\u0085@example.org")]
    [InlineData("ann@example.org ")]
    [InlineData(" ann@example.org")]
    [InlineData("ann@example.org>")]
    public void Refuses_what_is_no_address(string text) => Assert.False(EnvelopeAddress.TryParse(text, out _));

    [Fact]
    public void Refuses_half_a_character() => Assert.False(EnvelopeAddress.TryParse("ann\ud800@example.org", out _));

    [Fact]
    public void Limits_the_local_part_to_64_octets_and_the_whole_to_254()
    {
        Assert.True(EnvelopeAddress.TryParse(new string('a', 64) + "@example.org", out _));
        Assert.False(EnvelopeAddress.TryParse(new string('a', 65) + "@example.org", out _));
        Assert.True(EnvelopeAddress.TryParse(new string('é', 32) + "@example.org", out _));
        Assert.False(EnvelopeAddress.TryParse(new string('é', 33) + "@example.org", out _));

        var domain = string.Join('.', Enumerable.Repeat(new string('a', 63), 3)); // 191 octets
        Assert.True(EnvelopeAddress.TryParse(new string('b', 62) + "@" + domain, out _)); // 254
        Assert.False(EnvelopeAddress.TryParse(new string('b', 63) + "@" + domain, out _));
    }

    [Fact]
    public void Keeps_the_case_of_the_local_part_and_ignores_that_of_the_domain()
    {
        Assert.Equal(EnvelopeAddress.Parse("ann@EXAMPLE.org"), EnvelopeAddress.Parse("ann@example.ORG"));
        Assert.NotEqual(EnvelopeAddress.Parse("Ann@example.org"), EnvelopeAddress.Parse("ann@example.org"));
    }

    [Fact]
    public void Says_whether_a_server_without_smtputf8_can_take_it()
    {
        Assert.True(EnvelopeAddress.Parse("ann@bücher.example").IsAscii);
        Assert.False(EnvelopeAddress.Parse("jörg@example.org").IsAscii);
    }

    [Fact]
    public void Puts_an_address_together_from_any_local_part()
    {
        Assert.True(EnvelopeAddress.TryCreate("a b", Domain.Parse("example.org"), out var address));
        Assert.Equal("\"a b\"@example.org", address.ToString());
        Assert.False(EnvelopeAddress.TryCreate("a\nb", Domain.Parse("example.org"), out _));
    }

    [Fact]
    public void Writes_what_it_can_read_again() => Gen.String[Gen.Char[' ', '~'], 1, 20].Sample(localPart =>
    {
        if (!EnvelopeAddress.TryCreate(localPart, Domain.Parse("example.org"), out var address))
            return false;
        return address.LocalPart == localPart && EnvelopeAddress.Parse(address.ToString()).Equals(address);
    });

    [Fact]
    public void Takes_any_text_without_throwing() => Gen.String.Sample(text => EnvelopeAddress.TryParse(text, out _) || true);

    /// <summary>The isemail vectors: what RFC 5321 allows is accepted; header syntax (comments, folding), obsolete forms and errors are refused.</summary>
    [Fact]
    public void Judges_the_isemail_vectors_as_RFC_5321_does()
    {
        Assert.SkipWhen(TestVectors.Folder is null, TestVectors.Absent);
        var tests = XDocument.Load(Path.Combine(TestVectors.Folder!, "addresses", "is_email-tests.xml")).Descendants("test");
        var wrong = new List<string>();
        foreach (var test in tests)
        {
            var text = string.Concat(test.Element("address")!.Value.Select(c => c is >= '\u2400' and < '\u2420' ? (char)(c - 0x2400) : c));
            var category = test.Element("category")!.Value;
            var diagnosis = test.Element("diagnosis")!.Value;
            var allowed = category is "ISEMAIL_VALID_CATEGORY" or "ISEMAIL_DNSWARN"
                || diagnosis is "ISEMAIL_RFC5321_ADDRESSLITERAL" or "ISEMAIL_RFC5321_QUOTEDSTRING" or "ISEMAIL_RFC5321_TLD" or "ISEMAIL_RFC5321_TLDNUMERIC" or "ISEMAIL_RFC5321_IPV6DEPRECATED";
            if (EnvelopeAddress.TryParse(text, out _) != allowed)
                wrong.Add($"#{test.Attribute("id")!.Value} {diagnosis}: {text}");
        }

        Assert.Empty(wrong);
    }
}
