export declare function rest(): void;
export declare function whenAsked(how: () => void): void;
