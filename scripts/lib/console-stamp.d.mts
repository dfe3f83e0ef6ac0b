export declare const CONSOLE_STAMP: string;
export declare function consoleFingerprint(): string;
export declare function isConsoleBuilt(): boolean;
