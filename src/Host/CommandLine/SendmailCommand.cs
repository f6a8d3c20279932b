using System.CommandLine;
using System.Text;
using MailSuite.Host.Configuration;
using MailSuite.Host.Local;
using MailSuite.Host.Running;
using MailSuite.Mua;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite sendmail</c>, and <c>sendmail</c>, <c>mailq</c>, <c>newaliases</c> by links to the program. Run for every message, it passes by all that a command line of ours loads.</summary>
internal static class SendmailCommand
{
    private const string Name = "sendmail";
    private const int SoftwareError = 70;

    private static readonly string[] Names = [Name, "mailq", "newaliases"];

    private static readonly string[] OptionsBefore = ["--data", "--config", "-c", "--port-offset"];

    /// <summary>For the list of commands; its own command line is sendmail's, which is read elsewhere.</summary>
    public static Command Create()
    {
        var command = new Command(Name, "Take a message from standard input, as /usr/sbin/sendmail does (mailsuite sendmail --help)") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, cancellationToken) => RunAsync((Name, parsed.UnmatchedTokens), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    /// <summary>Whether the program was called as sendmail: by the name of a link, or by its own with this command.</summary>
    public static (string Name, IReadOnlyList<string> Arguments)? Find(IReadOnlyList<string> arguments)
    {
        if (Names.FirstOrDefault(name => name == CalledAs()) is { } link)
            return (link, arguments);

        // What every command takes may stand before it; here it stands behind.
        var at = 0;
        while (at + 1 < arguments.Count && OptionsBefore.Contains(arguments[at], StringComparer.Ordinal))
            at += 2;
        if (at >= arguments.Count || arguments[at] != Name)
            return null;
        var before = arguments.Take(at).Select(argument => argument == "-c" ? "--config" : argument);
        return (Name, [.. before, .. arguments.Skip(at + 1)]);
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync((string Name, IReadOnlyList<string> Arguments) call, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            return await MuaModule.SendmailAsync(
                call.Name, call.Arguments, choice => new LocalProgram(choice), Console.OpenStandardInput(), output, error, TimeProvider.System, cancellationToken);
        }
        catch (ConfigurationException e)
        {
            foreach (var mistake in e.Mistakes)
                await error.WriteLineAsync($"{call.Name}: {mistake}");
            return ExitCodes.Configuration;
        }
        catch (StartException e)
        {
            await error.WriteLineAsync($"{call.Name}: {e.Message}");
            return ExitCodes.TryAgain;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await error.WriteLineAsync($"{call.Name}: this is a mistake of MailSuite: {e}");
            return SoftwareError;
        }
    }

    /// <summary>The file name by which the program was called; .NET tells only what it was resolved to.</summary>
    private static string? CalledAs()
    {
        if (!OperatingSystem.IsLinux())
            return null;

        try
        {
            var line = File.ReadAllBytes("/proc/self/cmdline");
            var end = Array.IndexOf(line, (byte)0);
            return Path.GetFileName(Encoding.UTF8.GetString(line, 0, end < 0 ? line.Length : end));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
