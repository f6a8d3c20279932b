using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

public sealed class GreetingTests
{
    [Catalogue("220")]
    [Catalogue("EHLO", 250)]
    [Theory, EveryChunking]
    public Task Lists_what_it_can_do(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 mx.example.org ESMTP MailSuite
        C: EHLO client.example.net
        S: 250-mx.example.org
        S: 250-PIPELINING
        S: 250-SIZE 52428800
        S: 250-8BITMIME
        S: 250-CHUNKING
        S: 250-BINARYMIME
        S: 250-SMTPUTF8
        S: 250-DSN
        S: 250-LIMITS MAILMAX=1000 RCPTMAX=1000
        S: 250-DELIVERBY
        S: 250-MT-PRIORITY
        S: 250-STARTTLS
        S: 250 ENHANCEDSTATUSCODES
        C: QUIT
        S: 221 2.0.0 *
        S: (closed)
        """, tls: new SelfSignedTls());

    [Catalogue("HELO", 250)]
    [Theory, EveryChunking]
    public Task Answers_HELO_in_one_line(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C: HELO client.example.net
        S: 250 mx.example.org
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        """);

    [Catalogue("EHLO", 501)]
    [Catalogue("HELO", 501)]
    [Theory]
    [InlineData("EHLO")]
    [InlineData("EHLO ")]
    [InlineData("HELO")]
    [InlineData("EHLO two words")]
    [InlineData("EHLO (comment)")]
    [InlineData("EHLO bücher.example")]
    [InlineData("EHLO [127.0.0.1")]
    [InlineData("EHLO [256.0.0.1]")]
    [InlineData("EHLO [2001:db8::7]")]
    [InlineData("EHLO [IPv6:2001:db8::g]")]
    [InlineData("EHLO [x:y]")]
    [InlineData("EHLO 2001:db8:7")]
    [InlineData("EHLO a;b")]
    public Task Wants_to_know_who_it_is(string greeting) => SmtpScene.PlayAsync(Chunking.WholeTurn, $"""
        S: 220 *
        C: {greeting}
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net>
        S: 503 5.5.1 *
        """);

    [Theory]
    [InlineData("[192.0.2.7]")]
    [InlineData("[IPv6:2001:db8::7]")]
    [InlineData("host_with_underscore")]
    [InlineData("localhost")]
    [InlineData("2001:db8::7")]
    [InlineData("192.0.2.7")]
    [InlineData("MacBook-Pro.local")]
    [InlineData("trailing.dot.")]
    public Task Takes_any_sensible_name(string name) => SmtpScene.PlayAsync(Chunking.WholeTurn, $"""
        S: 220 *
        C: HELO {name}
        S: 250 *
        """);

    [Theory]
    [InlineData("client.example.net", "250 *")]
    [InlineData("localhost", "250 *")]
    [InlineData("[192.0.2.7]", "250 *")]
    [InlineData("[IPv6:2001:db8::7]", "250 *")]
    [InlineData("host_with_underscore", "501 5.5.4 *")]
    [InlineData("2001:db8::7", "501 5.5.4 *")]
    [InlineData("-a.example", "501 5.5.4 *")]
    [InlineData("a..example", "501 5.5.4 *")]
    public Task Takes_only_what_the_RFC_has_when_told_to(string name, string reply) => SmtpScene.PlayAsync(Chunking.WholeTurn, $"""
        S: 220 *
        C: HELO {name}
        S: {reply}
        """, configure: options => options with { Strictness = options.Strictness with { HelloName = HelloName.Rfc } });

    [Fact]
    public async Task Takes_a_name_of_255_octets_and_no_longer_one()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 63), 4));
        await SmtpScene.PlayAsync(Chunking.WholeTurn, $"""
            S: 220 *
            C: HELO {name}
            S: 250 *
            C: HELO {name}x
            S: 501 5.5.4 *
            """);
    }

    [Fact]
    public Task Begins_anew_with_a_second_EHLO() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
        C: HELO client.example.net
        S: 250 *
        C: DATA
        S: 503 5.5.1 *
        """);

    [Theory]
    [InlineData(SmtpRole.Mx, false, false, false)]
    [InlineData(SmtpRole.Mx, true, true, true)]
    [InlineData(SmtpRole.Submission, false, false, false)]
    [InlineData(SmtpRole.Submission, true, false, true)]
    public async Task Offers_AUTH_only_where_it_would_be_accepted(SmtpRole role, bool plaintext, bool onMx, bool offered)
    {
        var auth = offered ? "AUTH SCRAM-SHA-256 PLAIN LOGIN" : "!AUTH*";
        await SmtpScene.PlayAsync(Chunking.WholeTurn, $"""
            S: 220 *
            C: EHLO client.example.net
            S: (250-... {auth})
            """, role, options => options with { AllowPlaintextAuthentication = plaintext, AuthenticateOnMx = onMx });
    }
}
