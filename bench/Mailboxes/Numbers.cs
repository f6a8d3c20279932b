using System.CommandLine;
using System.Globalization;

namespace MailSuite.Bench.Mailboxes;

/// <summary>Options that take a number within bounds.</summary>
internal static class Numbers
{
    public static Option<int> Option(string name, string alias, string description, int usual, int max, int min = 1)
    {
        var option = new Option<int>(name, alias) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<int>();
            if (value < min || value > max)
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes {min} to {max}."));
        });
        return option;
    }
}
