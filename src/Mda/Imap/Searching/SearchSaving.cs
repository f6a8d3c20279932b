using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;

namespace MailSuite.Mda.Imap.Searching;

/// <summary>RETURN (SAVE): what <c>$</c> stands for afterwards (RFC 5182 §2.1).</summary>
internal static class SearchSaving
{
    /// <summary>A search that could not be done leaves nothing to refer to.</summary>
    internal static ImapAnswer Fail(SelectedMailbox mailbox, SearchReturn wanted, ImapAnswer answer)
    {
        if (wanted.Has(SearchReturnOptions.Save))
            mailbox.SavedResult = [];
        return answer;
    }

    /// <summary>Searches, and saves the result when that is wanted: all of it, or the part that is told.</summary>
    internal static async ValueTask<FoundMessages> RunAsync(SelectedMailbox mailbox, SearchReturn wanted, Func<ValueTask<FoundMessages>> search)
    {
        if (!wanted.Has(SearchReturnOptions.Save))
            return await search();

        try
        {
            var found = await search();
            mailbox.SavedResult = UidRange.Of(found.Concerned(wanted).Numbers(byUid: true).Order());
            return found;
        }
        catch
        {
            mailbox.SavedResult = [];
            throw;
        }
    }
}
