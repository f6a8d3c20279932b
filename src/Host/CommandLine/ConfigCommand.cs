using System.CommandLine;
using MailSuite.Host.Configuration;
using MailSuite.Host.Running;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite config check</c>: everything that a start would check, without starting.</summary>
internal static class ConfigCommand
{
    private static readonly Option<Profile> ProfileOption = new("--profile")
    {
        Description = "For which profile: server or development",
        HelpName = "PROFILE",
        DefaultValueFactory = _ => Profile.Server,
    };

    public static Command Create()
    {
        var check = new Command("check", "Check a configuration file and the environment, and tell every mistake") { ProfileOption };
        check.SetAction(async (parsed, cancellationToken) =>
        {
            if (GlobalOptions.ConfigOf(parsed) is not { } file)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("mailsuite config check needs a file: mailsuite config check --config FILE");
                return ExitCodes.Usage;
            }

            var settings = GlobalOptions.Sources(parsed, parsed.GetValue(ProfileOption)).Read();
            var listens = string.Join(", ", settings.Endpoints.Select(endpoint => $"{endpoint.Kind} {WhereOf(endpoint)}"));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{file} is good for the {MailSuiteProgram.ProfileName(settings.Profile)} profile: {settings.HostName} for {string.Join(", ", settings.Mda.Domains)}; {listens}; data in {settings.DataDirectory}.");
            return ExitCodes.Ok;
        });
        return new Command("config", "Look at the configuration") { check };
    }

    private static string WhereOf(EndpointSettings endpoint)
    {
        var sockets = endpoint.Addresses.Where(address => address.SocketPath is not null).Select(address => address.Text);
        return string.Join(' ', endpoint.Addresses.Any(address => address.SocketPath is null) ? sockets.Prepend($"{endpoint.Port}") : sockets);
    }
}
