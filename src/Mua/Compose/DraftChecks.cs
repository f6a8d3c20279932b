namespace MailSuite.Mua.Compose;

/// <summary>What can be found wrong with a draft before anybody is asked.</summary>
internal static class DraftChecks
{
    internal static DraftEnvelope Check(Draft draft, int files, List<DraftError> errors)
    {
        var envelope = new DraftEnvelope(Read(DraftField.To, draft.To), Read(DraftField.Cc, draft.Cc), Read(DraftField.Bcc, draft.Bcc));
        if (errors.Count == 0 && envelope.All.Count == 0)
            errors.Add(new DraftError(DraftField.To, "Say who is to get it."));
        if (envelope.All.Count > ComposeLimits.MaxRecipients)
            errors.Add(new DraftError(DraftField.To, $"There are too many addresses: {ComposeLimits.MaxRecipients} are the most for one message."));
        if (draft.Subject.Length > ComposeLimits.MaxSubjectCharacters)
            errors.Add(new DraftError(DraftField.Subject, $"The subject is too long: {ComposeLimits.MaxSubjectCharacters} characters are the most."));
        if (draft.Text.Length > ComposeLimits.MaxTextCharacters)
            errors.Add(new DraftError(DraftField.Text, "The text is too long; attach it as a file."));
        if (files > ComposeLimits.MaxAttachments)
            errors.Add(new DraftError(DraftField.Attachments, $"There are too many files: {ComposeLimits.MaxAttachments} are the most."));
        return envelope;

        AddressField.Recipients Read(DraftField field, string text)
        {
            var recipients = AddressField.Read(text, out var error);
            if (error is not null)
                errors.Add(new DraftError(field, error));
            return recipients;
        }
    }
}
