namespace Sora2.Sdk;

/// <summary>Reads what an account has: the models of its key and its balance; and checks host, key and path. Free of charge.</summary>
public interface IAccountClient
{
    /// <summary>Lists the names of the models that the key may use.</summary>
    /// <remarks>Free of charge. A key belongs to a group, which decides the models.</remarks>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The names as the platform lists them; empty if it lists none.</returns>
    /// <exception cref="Sora2ApiException">The platform refused, or could not be reached.</exception>
    /// <exception cref="Sora2ValidationException">The platform has no such call: <see cref="Sora2Platform.EncodeModelList"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the balance of the key, as far as the platform publishes it.</summary>
    /// <remarks>
    /// Free of charge. The platforms allow few of these calls (HTTP 429 after some 20 in 20 minutes): do not read it before each create.
    /// </remarks>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The balance. Its amount is null if the platform does not say it.</returns>
    /// <exception cref="Sora2ApiException">
    /// The platform refused or could not be reached; or it publishes no balance
    /// (<see cref="Sora2ErrorKind.WrongEndpoint"/>: none of the routes exists there).
    /// </exception>
    /// <exception cref="Sora2ValidationException">The platform has no such call: <see cref="Sora2Platform.EncodeBalance"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    Task<Balance> GetBalanceAsync(CancellationToken cancellationToken = default);

    /// <summary>Checks what is wrong with host, path, key, model or balance, and reports it without secrets, for a bug report.</summary>
    /// <remarks>
    /// Free of charge: at most four calls, each made once, without retries. Failures are part of the report and not thrown. After a failure
    /// the checks that depend on it are left out.
    /// </remarks>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The report.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    Task<AccountReport> CheckAsync(CancellationToken cancellationToken = default);
}
