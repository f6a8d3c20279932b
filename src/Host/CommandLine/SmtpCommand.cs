using System.CommandLine;
using MailSuite.Host.Local;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite smtp --stdio</c>: one session on standard input and output, for inetd, systemd sockets and pipes.</summary>
internal static class SmtpCommand
{
    private static readonly Dictionary<string, SmtpRole> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mx"] = SmtpRole.Mx,
        ["submission"] = SmtpRole.Submission,
        ["lmtp"] = SmtpRole.Lmtp,
    };

    private static readonly Option<bool> Stdio = new("--stdio")
    {
        Description = "Speak on standard input and output; a socket there is the client's connection",
    };

    private static readonly Option<string> Role = new("--role")
    {
        Description = "What the client is served as: mx, submission or lmtp",
        HelpName = "ROLE",
        DefaultValueFactory = _ => "mx",
    };

    static SmtpCommand()
    {
        Role.CompletionSources.Add([.. Roles.Keys]);
        Role.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Roles.ContainsKey(token.Value))
                result.AddError($"'{token.Value}' is no role: there are {string.Join(", ", Roles.Keys)}.");
        });
    }

    public static Command Create()
    {
        var command = new Command("smtp", "Serve one SMTP session on standard input and output") { Stdio, Role };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(Stdio))
                result.AddError("Say where the client is: --stdio, standard input and output. Servers with ports are run by mailsuite serve.");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            var choice = new LocalProgramChoice(GlobalOptions.DataOf(parsed), GlobalOptions.ConfigOf(parsed), GlobalOptions.PortOffsetOf(parsed));
            return StdioSession.RunAsync(new LocalProgram(choice), Roles[parsed.GetRequiredValue(Role)], parsed.InvocationConfiguration.Error, cancellationToken);
        });
        return command;
    }
}
