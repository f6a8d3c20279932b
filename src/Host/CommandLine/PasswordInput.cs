using System.CommandLine;
using System.Text;

namespace MailSuite.Host.CommandLine;

/// <summary>Gets a password without showing it; never from the command line, where every user of the machine can read it.</summary>
internal static class PasswordInput
{
    /// <returns>The password; <see langword="null"/> when there was none, which has been told.</returns>
    public static async Task<string?> ReadAsync(ParseResult parsed, bool fromInput, string prompt)
    {
        var error = parsed.InvocationConfiguration.Error;
        if (fromInput)
        {
            if (await Console.In.ReadLineAsync() is { Length: > 0 } line)
                return line;
            await error.WriteLineAsync("mailsuite: standard input has no password in its first line.");
            return null;
        }

        if (Console.IsInputRedirected)
        {
            await error.WriteLineAsync("mailsuite: there is no terminal to ask for the password. Give it with: … --password-stdin < FILE");
            return null;
        }

        var password = await AskAsync(error, prompt);
        if (password.Length == 0)
            await error.WriteLineAsync("mailsuite: an empty password will not do.");
        else if (await AskAsync(error, "The same again: ") != password)
            await error.WriteLineAsync("mailsuite: the two are not the same; nothing was changed.");
        else
            return password;
        return null;
    }

    private static async Task<string> AskAsync(TextWriter error, string prompt)
    {
        await error.WriteAsync(prompt);
        await error.FlushAsync();
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && password.Length > 0)
                password.Length--;
            else if (!char.IsControl(key.KeyChar))
                password.Append(key.KeyChar);
        }

        await error.WriteLineAsync();
        return password.ToString();
    }
}
