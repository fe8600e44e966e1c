using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Characters;

internal sealed class CharacterClient(ClientContext context, SubmissionPipeline submissions) : ICharacterClient
{
    /// <summary>How long the library may delay a created character.</summary>
    /// <remarks>
    /// Longer than the lock of a <see cref="FileCharacterStore"/> is waited for by default, as the caller's next prompt may mention the
    /// alias.
    /// </remarks>
    private static readonly TimeSpan AddTimeout = TimeSpan.FromSeconds(15);

    public async Task<Character> CreateAsync(CharacterRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.Validate(request, context.Options.ValidateRequests);
        if (request.Source is { } source)
        {
            context.CheckOwns(source);
        }

        await CheckAliasAsync(request.Alias, cancellationToken).ConfigureAwait(false);
        var paid = PaidRequest.ForCharacter(context.Platform, request);
        var character = await submissions.SubmitAsync(paid, context.Platform.DecodeCharacter, cancellationToken).ConfigureAwait(false);
        await AddToLibraryAsync(character, request.Alias).ConfigureAwait(false);
        return character;
    }

    /// <summary>Refuses an alias that the library would refuse, before the character is paid for.</summary>
    private async Task CheckAliasAsync(string? alias, CancellationToken cancellationToken)
    {
        if (alias is null)
        {
            return;
        }

        if (context.Options.CharacterLibrary is not { } library)
        {
            throw new Sora2ValidationException(
                $"{nameof(CharacterRequest)}.{nameof(CharacterRequest.Alias)} needs a library to keep it. Nothing was sent. "
                + $"Set {nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.CharacterLibrary)}, or leave the alias null.");
        }

        await library.CheckNewAliasAsync(alias, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds a created character to the library, without its alias if another process has taken that since.</summary>
    private async Task AddToLibraryAsync(Character character, string? alias)
    {
        if (context.Options.CharacterLibrary is not { } library)
        {
            return;
        }

        await LibraryUpdates.RunAsync(
            async () =>
            {
                try
                {
                    await library.AddAsync(character, alias).ConfigureAwait(false);
                }
                catch (Sora2ValidationException e) when (alias is not null)
                {
                    LogNotAdded(e);
                    await library.AddAsync(character).ConfigureAwait(false);
                }
            },
            LogNotAdded,
            AddTimeout,
            context.Options.TimeProvider).ConfigureAwait(false);

        void LogNotAdded(Exception e) => context.Telemetry.Log.CharacterNotAdded(
            context.Telemetry.SanitizeName(character.Username), context.Telemetry.Reason(e));
    }
}
