/**
 * Names the position of the change log beside an answer whose ETag is of what it shows alone: also with a 304, whose body the
 * client has from an older one.
 */
export const positionHeader = 'Pendopo-Position';
