using System.Net;
using System.Text;
using MailSuite.Host.Configuration;
using MailSuite.Host.Tls;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Host.Running;

/// <summary>What a person sees after the start: where everything is, and one line to try it with.</summary>
internal static class Banner
{
    /// <summary>Characters of the second column at most.</summary>
    private const int MaxColumn = 60;

    public static string For(MailSuiteProgram program)
    {
        var settings = program.Settings;
        var text = new StringBuilder();
        text.AppendLine().Append("  MailSuite ").Append(MailSuiteProgram.Version).Append(" · ").Append(MailSuiteProgram.ProfileName(settings.Profile)).AppendLine(" profile");
        text.AppendLine();
        var lines = new List<(string Name, string Where, string What)>();
        foreach (var group in program.Endpoints.GroupBy(endpoint => endpoint.Kind))
        {
            var where = group.Key == EndpointKind.Web
                ? string.Join("  ", group.Select(endpoint => WebAddress(program, endpoint.EndPoint)))
                : string.Join("  ", group.Select(endpoint => BindAddress.TextOf(endpoint.EndPoint)));
            lines.Add((NameOf(group.Key), where, Purpose(group.Key, settings.Profile)));
        }

        if (settings.Profile == Profile.Server)
            lines.Add(("Domains", string.Join(", ", settings.Mda.Domains.Select(domain => domain.Unicode)), $"as {settings.HostName}"));
        if (settings.Profile == Profile.Server && program.Services.GetRequiredService<ServerTls>() is { IsSelfMade: true })
            lines.Add(("TLS", "a certificate of our own making", "people's programs will warn: give Tls:Certificates"));
        if (program.Services.GetRequiredService<IProgramClock>().Read() is { Shift.Ticks: > 0 } clock)
            lines.Add(("CLOCK AHEAD", $"by {ClockText.Of(clock.Shift)}: {clock.Now:yyyy-MM-dd HH:mm} UTC", "not the time on the wall: mailsuite clock reset"));
        lines.Add(("Data", settings.DataDirectory, ""));
        // As wide as what has words beside it needs, so that a long list of domains moves no other line out of sight.
        var column = lines.Where(line => line.What.Length > 0).Select(line => line.Where.Length).Where(length => length <= MaxColumn).DefaultIfEmpty(0).Max() + 2;
        foreach (var (name, where, what) in lines)
            text.AppendLine($"  {name,-12}{(where.Length < column ? where.PadRight(column) : where + "  ")}{what}".TrimEnd());
        text.AppendLine();
        if (settings.Profile == Profile.Development)
            AppendTrial(text, program);
        text.AppendLine("  Stop with Ctrl+C.").AppendLine();
        return text.ToString();
    }

    private static void AppendTrial(StringBuilder text, MailSuiteProgram program)
    {
        var smtp = program.Endpoints.FirstOrDefault(endpoint => endpoint is { Kind: EndpointKind.Smtp, EndPoint: IPEndPoint }).EndPoint;
        if (smtp is null)
            return;
        text.AppendLine("  Every address is local, any password signs in, nothing leaves this machine. Try it:");
        text.AppendLine();
        text.Append("    swaks --server ").Append(Dial(smtp)).AppendLine(" --from ann@example.org --to bob@example.org");
        text.Append("    printf 'Subject: Hello\\r\\n\\r\\nHello.\\r\\n' | curl -s smtp://").Append(Dial(smtp)).AppendLine(" --mail-from ann@example.org --mail-rcpt bob@example.org -T -");
        text.AppendLine();
        text.Append("  and read it at ").Append(WebAddress(program, program.Endpoints.First(endpoint => endpoint.Kind == EndpointKind.Web).EndPoint))
            .AppendLine(", signed in as bob@example.org, or with: mailsuite read list --account bob@example.org");
        text.AppendLine();
    }

    private static string WebAddress(MailSuiteProgram program, EndPoint endPoint) => $"{(program.Settings.Web.Https ? "https" : "http")}://{Dial(endPoint)}/";

    /// <summary>An address that can be typed: not the one that means "all".</summary>
    private static string Dial(EndPoint endPoint) =>
        endPoint is IPEndPoint ip && (ip.Address.Equals(IPAddress.Any) || ip.Address.Equals(IPAddress.IPv6Any)) ? $"localhost:{ip.Port}" : endPoint.ToString()!;

    private static string NameOf(EndpointKind kind) => kind switch
    {
        EndpointKind.Smtp => "SMTP",
        EndpointKind.SubmissionTls => "Submission",
        EndpointKind.Odmr => "ODMR",
        EndpointKind.Lmtp => "LMTP",
        EndpointKind.Imap or EndpointKind.ImapTls => "IMAP",
        EndpointKind.Pop3 or EndpointKind.Pop3Tls => "POP3",
        EndpointKind.Web => "Webmail",
        _ => kind.ToString(),
    };

    private static string Purpose(EndpointKind kind, Profile profile) => (kind, profile) switch
    {
        (EndpointKind.Smtp, Profile.Development) => "takes mail for every address",
        (EndpointKind.Smtp, _) => "takes mail for our domains",
        (EndpointKind.Submission, _) => "takes mail of our people: STARTTLS and AUTH",
        (EndpointKind.SubmissionTls, _) => "the same with TLS from the first octet",
        (EndpointKind.Odmr, _) => "hands out the mail of other domains: ATRN",
        (EndpointKind.Lmtp, _) => "takes mail of another MTA for mailboxes here",
        (EndpointKind.Imap, Profile.Development) => "any address, any password",
        (EndpointKind.Imap, _) => "mailboxes for people's programs: STARTTLS",
        (EndpointKind.ImapTls, _) => "the same with TLS from the first octet",
        (EndpointKind.Pop3, Profile.Development) => "any address, any password",
        (EndpointKind.Pop3, _) => "mailboxes for people's programs: STLS",
        (EndpointKind.Pop3Tls, _) => "the same with TLS from the first octet",
        (_, Profile.Development) => "sign in as any address, with any password",
        _ => "sign in with an account: mailsuite account add",
    };
}
