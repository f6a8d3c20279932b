using System.Text;
using CsCheck;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Shared.Tests.LineProtocol;

public sealed class SaslTests
{
    [Fact]
    public void PLAIN_with_an_initial_response()
    {
        var step = Begin("plain").Start(Base64("\0ann@example.org\0secret"));
        var credentials = Assert.IsType<SaslStep.Credentials>(step);
        Assert.Equal(("", "ann@example.org", "secret"), (credentials.AuthorizationId, credentials.UserName, credentials.Password));
    }

    [Fact]
    public void PLAIN_after_an_empty_challenge()
    {
        var exchange = Begin("PLAIN");
        Assert.Equal("", Assert.IsType<SaslStep.Challenge>(exchange.Start(null)).Base64);
        Assert.IsType<SaslStep.Credentials>(exchange.Continue(Base64("boss\0ann\0pass word")));
    }

    [Fact]
    public void LOGIN_asks_for_the_name_and_then_the_password()
    {
        var exchange = Begin("LOGIN");
        Assert.Equal(Base64("Username:"), Assert.IsType<SaslStep.Challenge>(exchange.Start(null)).Base64);
        Assert.Equal(Base64("Password:"), Assert.IsType<SaslStep.Challenge>(exchange.Continue(Base64("ann"))).Base64);
        Assert.Equal("jörg", Assert.IsType<SaslStep.Credentials>(exchange.Continue(Base64("jörg"))).Password);
    }

    [Theory]
    [InlineData("PLAIN", "not base64!")]
    [InlineData("PLAIN", "=")]
    [InlineData("PLAIN", "")]
    [InlineData("PLAIN", "YQ==")]
    [InlineData("PLAIN", "AGFubgA=")]
    [InlineData("PLAIN", "AABzZWNyZXQ=")]
    [InlineData("PLAIN", "AABhAABi")]
    [InlineData("PLAIN", "AP8AYQ==")]
    [InlineData("LOGIN", "=")]
    [InlineData("LOGIN", "YQBi")]
    public void Says_what_is_malformed(string mechanism, string initial) => Assert.IsType<SaslStep.Malformed>(Begin(mechanism).Start(initial));

    [Fact]
    public void Limits_names_and_passwords_to_255_octets()
    {
        Assert.IsType<SaslStep.Credentials>(Begin("PLAIN").Start(Base64("\0" + new string('a', 255) + "\0" + new string('b', 255))));
        Assert.IsType<SaslStep.Malformed>(Begin("PLAIN").Start(Base64("\0" + new string('a', 256) + "\0b")));
        Assert.IsType<SaslStep.Malformed>(Begin("PLAIN").Start(Base64("\0a\0" + new string('b', 256))));
        Assert.IsType<SaslStep.Malformed>(Begin("LOGIN").Start(Base64(new string('a', 256))));
    }

    [Fact]
    public void A_star_cancels() => Assert.IsType<SaslStep.Cancelled>(Begin("LOGIN").Continue("*"));

    [Fact]
    public void Offers_only_what_can_be_begun()
    {
        Assert.All(SaslExchange.Mechanisms, name => Assert.True(SaslExchange.TryBegin(name, out _)));
        Assert.False(SaslExchange.TryBegin("CRAM-MD5", out _));
    }

    [Fact]
    public void Never_prints_the_password() =>
        Assert.DoesNotContain("hunter2", Begin("PLAIN").Start(Base64("\0ann\0hunter2")).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Takes_any_answers_without_throwing() => Gen.Select(Gen.Bool, Gen.String.Array[1, 4], Gen.Byte.Array).Sample((plain, lines, octets) =>
    {
        var exchange = Begin(plain ? "PLAIN" : "LOGIN");
        exchange.Start(lines[0]);
        foreach (var line in lines)
            exchange.Continue(line);
        exchange.Continue(Convert.ToBase64String(octets));
    });

    private static SaslExchange Begin(string mechanism)
    {
        Assert.True(SaslExchange.TryBegin(mechanism, out var exchange));
        return exchange;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
