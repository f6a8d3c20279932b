using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Tests.Addressing;

public sealed class NextHopTests
{
    [Theory]
    [InlineData("smtp.example.org", "smtp.example.org")]
    [InlineData("SMTP.example.org:587", "smtp.example.org:587")]
    [InlineData("localhost:1", "localhost:1")]
    [InlineData("smtp.example.org:65535", "smtp.example.org:65535")]
    [InlineData("192.0.2.1", "[192.0.2.1]")]
    [InlineData("192.0.2.1:25", "[192.0.2.1]:25")]
    [InlineData("[192.0.2.1]:25", "[192.0.2.1]:25")]
    [InlineData("2001:db8::1", "[IPv6:2001:db8::1]")]
    [InlineData("[2001:db8::1]", "[IPv6:2001:db8::1]")]
    [InlineData("[IPv6:2001:db8::1]:25", "[IPv6:2001:db8::1]:25")]
    [InlineData("bücher.example:25", "xn--bcher-kva.example:25")]
    public void Reads_hosts_with_and_without_a_port(string text, string meaning)
    {
        Assert.True(NextHop.TryParse(text, out var hop));
        Assert.Equal(meaning, hop.ToString());
        Assert.True(NextHop.TryParse(hop.ToString(), out var again));
        Assert.Equal(hop, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":25")]
    [InlineData("smtp.example.org:")]
    [InlineData("smtp.example.org:0")]
    [InlineData("smtp.example.org:65536")]
    [InlineData("smtp.example.org:+25")]
    [InlineData("smtp.example.org:25:25")]
    [InlineData("[192.0.2.1")]
    [InlineData("[smtp.example.org]")]
    [InlineData("not a host")]
    [InlineData("/run/lmtp.sock")]
    public void Refuses_everything_else(string text) => Assert.False(NextHop.TryParse(text, out _));
}
