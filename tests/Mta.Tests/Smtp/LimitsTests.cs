using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using MailSuite.Testing.Dialogue;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What LIMITS says is what is enforced.</summary>
public sealed class LimitsTests
{
    private const string Greeted = """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... LIMITS MAILMAX=2 RCPTMAX=2)

        """;

    [EhloKeyword("LIMITS")]
    [Theory, EveryChunking]
    public Task Takes_as_many_recipients_as_it_says_and_no_more(Chunking chunking) => SmtpScene.PlayAsync(chunking, Greeted + """
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: RCPT TO:<bob@example.org>
        S: 250 *
        C: RCPT TO:<postmaster@example.org>
        S: 452 4.5.3 *
        """, configure: Two);

    [EhloKeyword("LIMITS")]
    [Theory, EveryChunking]
    public Task Takes_as_many_MAIL_commands_as_it_says_whatever_became_of_them(Chunking chunking) => SmtpScene.PlayAsync(chunking, Greeted + """
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: RSET
        S: 250 *
        C: MAIL FROM:<carol@example.net> SIZE=x
        S: 501 *
        C: MAIL FROM:<carol@example.net>
        S: 421 4.7.0 *
        S: (closed)
        """, configure: Two);

    private static MtaOptions Two(MtaOptions options) => options with { MaxRecipients = 2, MaxTransactions = 2 };
}
