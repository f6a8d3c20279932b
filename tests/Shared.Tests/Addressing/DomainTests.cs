using System.Net;
using CsCheck;
using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Tests.Addressing;

public sealed class DomainTests
{
    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("EXAMPLE.Org", "example.org")]
    [InlineData("localhost", "localhost")]
    [InlineData("3com.example", "3com.example")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData("例え.テスト", "xn--r8jz45g.xn--zckzah")]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("[IPv6:2001:DB8::1]", "[IPv6:2001:db8::1]")]
    [InlineData("[ipv6:::1]", "[IPv6:::1]")]
    public void Reads_names_and_literals_into_one_form(string text, string ascii)
    {
        Assert.True(Domain.TryParse(text, out var domain));
        Assert.Equal(ascii, domain.Ascii);
        Assert.Equal(domain, Domain.Parse(domain.Ascii));
        Assert.Equal(domain, Domain.Parse(domain.Unicode));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("example.org.")]
    [InlineData(".example.org")]
    [InlineData("a..b")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("a_b.example")]
    [InlineData("a b.example")]
    [InlineData("a\0b.example")]
    [InlineData("exa\u202Emple.org")]
    [InlineData("[192.0.2]")]
    [InlineData("[192.0.2.256]")]
    [InlineData("[192.0.2.01]")]
    [InlineData("[0x7f.0.0.1]")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[IPv6:192.0.2.1]")]
    [InlineData("[IPv6:fe80::1%eth0]")]
    [InlineData("[IPv6:2001:db8::1]x")]
    [InlineData("[x400:whatever]")]
    [InlineData("192.0.2.1]")]
    public void Refuses_what_is_neither(string text) => Assert.False(Domain.TryParse(text, out _));

    [Fact]
    public void Limits_a_label_to_63_and_a_name_to_255_octets()
    {
        var label = new string('a', 63);
        Assert.True(Domain.TryParse(label + ".example", out _));
        Assert.False(Domain.TryParse(label + "a.example", out _));

        var name = string.Join('.', Enumerable.Repeat(label, 4));
        Assert.Equal(Domain.MaxOctets, name.Length);
        Assert.True(Domain.TryParse(name, out _));
        Assert.False(Domain.TryParse("a" + name[1..] + ".b", out _));
    }

    [Fact]
    public void Knows_the_address_of_a_literal()
    {
        Assert.Equal(IPAddress.Parse("2001:db8::1"), Domain.Parse("[IPv6:2001:db8::1]").Address);
        Assert.Equal(IPAddress.Loopback, Domain.Parse("[127.0.0.1]").Address);
        Assert.False(Domain.Parse("example.org").IsAddressLiteral);
    }

    [Fact]
    public void Shows_people_the_characters_they_know() => Assert.Equal("bücher.example", Domain.Parse("XN--BCHER-KVA.example").Unicode);

    [Fact]
    public void Takes_any_text_without_throwing() => Gen.String.Sample(text => Domain.TryParse(text, out _) || true);
}
