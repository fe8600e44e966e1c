using Sora2.Sdk.IntegrationTests.Support;

#pragma warning disable IDE0130
namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Carries the name of the handler that service templates add to every client, and does what that one does.</summary>
internal sealed class ResilienceHandler : Retrying;
